import { spawnSync } from 'node:child_process';
import { cpuBelow, descendants, parseStat } from './processes';

it('reads a process whose name has brackets and spaces', () => {
  const fields = ['S', 7, 1, 1, 0, -1, 0, 0, 0, 0, 0, 150, 50, 25, 75, 20];
  expect(parseStat(`42 (a (b) c) ${fields.join(' ')}`)).toEqual({
    pid: 42,
    parent: 7,
    command: 'a (b) c',
    cpu: 3,
    ownCpu: 2,
  });
});

it('counts what children burned, also after they ended', () => {
  const before = cpuBelow();
  spawnSync(process.execPath, [
    '-e',
    'const t = process.cpuUsage().user; while (process.cpuUsage().user - t < 300_000);',
  ]);
  expect(cpuBelow() - before).toBeGreaterThanOrEqual(0.3);
  expect(descendants().every((one) => one.pid !== process.pid)).toBe(true);
});
