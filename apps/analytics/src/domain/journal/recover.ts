import { type Announcement, type JournalStore } from '../ports';
import { Held } from './held';
import { type SettleHour } from './settle-hour';

export interface RecoverParts {
  readonly store: JournalStore;
  readonly settle: SettleHour;
  /** Milliseconds by a clock that never jumps. */
  readonly elapsed: () => number;
  readonly leaseMs: number;
}

/** Sessions in memory at once. */
const PART = 2_000;

/**
 * Looks for writers that have died and brings what they acknowledged into the sessions. A writer is dead when its announcement stays the
 * same for a whole lease by our own clock: a living one renews it before half of that is over, or does not acknowledge. Returns how many
 * were taken over.
 */
export function createRecover({ store, settle, elapsed, leaseMs }: RecoverParts): () => Promise<number> {
  let seen = new Map<string, number>();

  const takeOver = async (dead: Announcement): Promise<void> => {
    let held = new Held();
    let count = 0;
    const settleAll = async (): Promise<void> => {
      const problems = await held.leave(Infinity, ({ hour, sessions }) => settle(hour, sessions.values()), 0);
      if (problems.length > 0) throw problems[0];
      held = new Held();
    };
    for await (const session of store.after(dead.writer, dead.done)) {
      held.add(session, 0, () => 0);
      if (++count % PART === 0) await settleAll();
    }
    await settleAll();
    // Unless it was not dead after all.
    await store.retire(dead);
  };

  return async () => {
    const now = elapsed();
    const still = new Map<string, number>();
    let count = 0;
    for (const one of await store.writers()) {
      const since = seen.get(one.beat) ?? now;
      still.set(one.beat, since);
      if (now - since < leaseMs) continue;
      await takeOver(one);
      count += 1;
    }
    seen = still;
    return count;
  };
}
