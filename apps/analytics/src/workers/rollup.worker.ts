import { type Clock, type DirtyHour, type DirtyQueue, type HourMarks, type Observer } from '../domain/ports';
import { type RollUp } from '../domain/roll-up';
import { repeat } from './repeat';

export interface RollupWorkerParts {
  readonly dirty: DirtyQueue;
  readonly marks: HourMarks;
  readonly rollUp: RollUp;
  readonly clock: Clock;
  readonly observe: Observer;
  readonly ROLLUP_DELAY_MS: number;
  readonly ROLLUP_SWEEP_MS: number;
  readonly ROLLUP_LOCK_MS: number;
  /** An hour is rolled up no oftener than its sessions are written. */
  readonly SESSION_GATHER_MS: number;
}

/** An hour is left to itself for so many times as long as computing it took: a busy one can't fill a machine. */
const PACE = 5;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Rolls up the hours that are due, one at a time in every replica. The queue in Redis says when; the marks in DynamoDB, looked through at
 * the start and every so often, say what, so that neither an emptied Redis nor a killed replica leaves an hour behind.
 */
export function startRollupWorker(parts: RollupWorkerParts): { close(): Promise<void> } {
  const { dirty, marks, rollUp, clock, observe } = parts;
  const tickMs = Math.min(1_000, Math.max(50, parts.ROLLUP_DELAY_MS / 2));
  let closed = false;

  const work = async (hour: DirtyHour): Promise<void> => {
    const lock = await dirty.lock(hour, parts.ROLLUP_LOCK_MS);
    if (!lock.locked) return dirty.add(hour, clock() + lock.retryMs);
    const start = performance.now();
    try {
      if ((await rollUp(hour)) === 'again') await dirty.add(hour, clock() + parts.ROLLUP_DELAY_MS);
    } finally {
      const pace = Math.min(LONGEST_PAUSE_MS, PACE * (performance.now() - start));
      await dirty.unlock(hour, Math.max(parts.SESSION_GATHER_MS, pace));
    }
  };

  const drain = async (): Promise<void> => {
    for (let hour = await dirty.take(clock()); hour && !closed; hour = await dirty.take(clock())) {
      try {
        await work(hour);
      } catch (error) {
        observe.problem('rollup', error);
        await dirty.add(hour, clock() + 5 * parts.ROLLUP_DELAY_MS + 1_000);
      }
    }
  };

  const sweep = async (): Promise<void> => {
    for await (const hour of marks.marked()) await dirty.add(hour, clock() + parts.ROLLUP_DELAY_MS);
  };

  const stops = [
    repeat(drain, tickMs, (error) => observe.problem('rollup queue', error)),
    repeat(sweep, parts.ROLLUP_SWEEP_MS, (error) => observe.problem('rollup sweep', error)),
  ];
  return {
    async close() {
      closed = true;
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}
