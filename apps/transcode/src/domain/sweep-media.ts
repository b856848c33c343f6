import { type EncodeJobs, type MediaStore, type Sweeps } from './ports';

/** Milliseconds before the second and later rounds: a worker that was stopped or cut off may write late. */
export type SweepDelays = readonly number[];

/** One round of emptying a prefix; plans the next, or is done. A round that was done before does nothing. */
export const sweepMedia =
  (deps: { sweeps: Sweeps; media: MediaStore; jobs: EncodeJobs; delays: SweepDelays }) =>
  async (prefix: string, round: number): Promise<number> => {
    const planned = await deps.sweeps.find(prefix);
    if (planned?.round !== round) return 0;
    const removed = await deps.media.removePrefix(prefix);
    const delayMs = deps.delays[round];
    if (delayMs === undefined) {
      await deps.sweeps.done(prefix);
    } else {
      await deps.sweeps.next(prefix, round + 1, delayMs);
      await deps.jobs.sweep(prefix, planned.videoId, round + 1, delayMs);
    }
    return removed;
  };
