import { startPlatform } from '@kinora/local';
import { freshDir } from '@kinora/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { cpuBelow, descendants, memoryOf } from './processes';
import { table } from './report';

const GOAL_SECONDS = 15;
const GOAL_MIB = 1.2 * 1024;

/** Waits until everything below this process uses less than 5 % of a core. */
async function untilIdle(): Promise<void> {
  for (let n = 0; n < 30; n++) {
    const before = cpuBelow();
    await sleep(2_000);
    if (cpuBelow() - before < 0.1) return;
  }
}

/** Starts the platform twice on one folder (the second start is a warm one), and weighs every process when idle. */
export async function footprint(args: string[]): Promise<boolean> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } });
  const dataDir = freshDir('footprint');
  await (await startPlatform({ dataDir, port: 0 })).stop();
  const since = performance.now();
  const platform = await startPlatform({ dataDir, port: 0 });
  const seconds = (performance.now() - since) / 1000;
  try {
    await untilIdle();
    const names = new Map<number, string>();
    for (const [name, { pid }] of Object.entries(platform.services)) names.set(pid, name);
    for (const [name, pid] of Object.entries(platform.backEnds.pids)) names.set(pid, name);
    const all = [{ pid: process.pid, parent: 0, command: 'node', cpu: 0 }, ...descendants()];
    // A server's own children (PostgreSQL's back ends) count with it.
    const nameOf = (pid: number): string => {
      if (pid === process.pid) return 'npm start and gateway';
      const one = all.find((candidate) => candidate.pid === pid);
      return (
        names.get(pid) ??
        (one && one.parent > 0 && one.parent !== process.pid ? nameOf(one.parent) : `other: ${one?.command}`)
      );
    };
    const sums = new Map<string, { resident: number; proportional: number; processes: number }>();
    for (const { pid } of all) {
      const { resident, proportional } = memoryOf(pid);
      const sum = sums.get(nameOf(pid)) ?? { resident: 0, proportional: 0, processes: 0 };
      sums.set(nameOf(pid), {
        resident: sum.resident + resident,
        proportional: sum.proportional + proportional,
        processes: sum.processes + 1,
      });
    }
    const rows = [...sums].sort(([, a], [, b]) => b.resident - a.resident);
    const total = rows.reduce((sum, [, one]) => sum + one.resident, 0);
    const shared = rows.reduce((sum, [, one]) => sum + one.proportional, 0);
    if (values.json)
      console.log(
        JSON.stringify({ seconds, residentMiB: total, proportionalMiB: shared, processes: Object.fromEntries(rows) }),
      );
    else {
      console.log(
        table(
          ['what', 'processes', 'resident MiB', 'proportional MiB'],
          rows.map(([name, one]) => [name, one.processes, one.resident.toFixed(1), one.proportional.toFixed(1)]),
        ),
      );
      console.log(
        `\nready after ${seconds.toFixed(1)} s (goal ≤ ${GOAL_SECONDS})   resident ${total.toFixed(0)} MiB in all (goal ≤ ${GOAL_MIB.toFixed(0)}), with shared pages counted once ${shared.toFixed(0)} MiB\n`,
      );
    }
    return seconds <= GOAL_SECONDS && total <= GOAL_MIB;
  } finally {
    await platform.stop();
  }
}
