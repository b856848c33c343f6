export interface Job {
  /** The servers that it uses. */
  readonly needs: readonly string[];
}

/** As many as there are cores on the smallest machine that runs the suites. */
const LANES = 2;

/**
 * Does jobs two at a time, but no two that use the same server: its limits and events are those of one project, as in an account. The
 * first that can go goes, so what needs most servers comes last.
 */
export async function inLanes<J extends Job>(jobs: readonly J[], run: (job: J) => Promise<void>): Promise<void> {
  const waiting = [...jobs];
  const running = new Map<J, Promise<void>>();
  const isFree = ({ needs }: J): boolean =>
    ![...running.keys()].some((job) => job.needs.some((name) => needs.includes(name)));
  while (waiting.length > 0 || running.size > 0) {
    const next = running.size < LANES ? waiting.find(isFree) : undefined;
    if (next === undefined) {
      await Promise.race(running.values());
      continue;
    }
    waiting.splice(waiting.indexOf(next), 1);
    running.set(
      next,
      run(next).finally(() => running.delete(next)),
    );
  }
}
