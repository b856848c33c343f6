import { freshDir, workspaceRoot } from '@kinora/testing';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { cpuBelow, cpuByName, descendants, memoryOf, nameOf } from './processes';
import { table } from './report';

const GOAL_SECONDS = 15;
const GOAL_MIB = 1.2 * 1024;

/** `npm start` as a person runs it, and the seconds until it said that it is ready. */
async function start(dataDir: string): Promise<{ child: ChildProcess; seconds: number }> {
  const since = performance.now();
  const child = spawn('node', ['tools/local/bootstrap.mjs', 'start', '--json', '--port', '0', '--data', dataDir], {
    cwd: workspaceRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes('"ready-to-use"')) return { child, seconds: (performance.now() - since) / 1000 };
  }
  throw new Error('the platform did not start');
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** Pools of connections shrink after half a minute without use. */
const SETTLING_MS = 45_000;

/** Waits until pools have shrunk and everything below a process uses less than 5 % of a core. */
async function untilIdle(pid: number): Promise<void> {
  await sleep(SETTLING_MS);
  for (let n = 0; n < 30; n++) {
    const before = cpuBelow(pid);
    await sleep(2_000);
    if (cpuBelow(pid) - before < 0.1) return;
  }
}

/** How long the idle platform is watched. */
const IDLE_MS = 30_000;

interface Weight {
  readonly processes: number;
  readonly resident: number;
  readonly proportional: number;
}

function weigh(root: number): Map<string, Weight> {
  const all = [{ pid: root, parent: 0, command: 'node', cpu: 0, ownCpu: 0 }, ...descendants(root)];
  const sums = new Map<string, Weight>();
  for (const one of all) {
    const name = nameOf(one, all);
    const { resident, proportional } = memoryOf(one.pid);
    const sum = sums.get(name) ?? { processes: 0, resident: 0, proportional: 0 };
    sums.set(name, {
      processes: sum.processes + 1,
      resident: sum.resident + resident,
      proportional: sum.proportional + proportional,
    });
  }
  return sums;
}

/** Starts the platform twice on one folder (the second start is a warm one), and weighs every process when idle. */
export async function footprint(args: string[]): Promise<boolean> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } });
  const dataDir = freshDir('footprint');
  await stop((await start(dataDir)).child);
  const { child, seconds } = await start(dataDir);
  try {
    const root = child.pid ?? 0;
    await untilIdle(root);
    const before = cpuByName(root);
    await sleep(IDLE_MS);
    const after = cpuByName(root);
    const idle = (name: string): number => (((after.get(name) ?? 0) - (before.get(name) ?? 0)) * 60_000) / IDLE_MS;
    const idleTotal = [...after.keys()].reduce((sum, name) => sum + idle(name), 0);
    const rows = [...weigh(root)].sort(([, a], [, b]) => b.resident - a.resident);
    const total = rows.reduce((sum, [, one]) => sum + one.resident, 0);
    const shared = rows.reduce((sum, [, one]) => sum + one.proportional, 0);
    if (values.json) {
      const processes = Object.fromEntries(rows.map(([name, one]) => [name, { ...one, cpuPerMinute: idle(name) }]));
      const report = { seconds, residentMiB: total, proportionalMiB: shared, cpuPerMinute: idleTotal, processes };
      console.log(JSON.stringify(report));
    } else {
      const cells = rows.map(([name, one]) => [
        name,
        one.processes,
        one.resident.toFixed(1),
        one.proportional.toFixed(1),
        idle(name).toFixed(2),
      ]);
      console.log(table(['what', 'processes', 'resident MiB', 'proportional MiB', 'CPU s a minute'], cells));
      console.log(
        `\nready after ${seconds.toFixed(1)} s (goal ≤ ${GOAL_SECONDS})   resident ${total.toFixed(0)} MiB in all ` +
          `(goal ≤ ${GOAL_MIB.toFixed(0)}); with shared pages counted once ${shared.toFixed(0)} MiB   idle ${idleTotal.toFixed(2)} CPU s a minute\n`,
      );
    }
    return seconds <= GOAL_SECONDS && total <= GOAL_MIB;
  } finally {
    await stop(child);
  }
}
