import { inParallel } from '../in-parallel';
import { type DirtyHour } from '../ports';
import { mergeSessions } from '../session/merge';
import { type Session } from '../session/session';

/** Sessions of one hour that are in the journal and not yet in the table of sessions. */
export interface Gathered {
  readonly hour: DirtyHour;
  readonly sessions: Map<string, Session>;
  /** The oldest entry of the journal that any of it is in. */
  first: number;
  /** Milliseconds since the epoch. */
  dueAt: number;
}

/** Written at once. */
const HOURS = 4;

const idOf = ({ videoId, hour }: DirtyHour): string => `${videoId}/${hour}`;

/** What a writer has acknowledged and still has to write, by hour. */
export class Held {
  readonly #hours = new Map<string, Gathered>();
  readonly #leaving = new Set<Gathered>();

  add(session: Session, sequence: number, dueAt: (hour: DirtyHour) => number): void {
    const { videoId, hour, sessionId } = session.key;
    const id = idOf(session.key);
    const gathered = this.#hours.get(id) ?? {
      hour: { videoId, hour },
      sessions: new Map<string, Session>(),
      first: sequence,
      dueAt: Infinity,
    };
    this.#hours.set(id, gathered);
    const known = gathered.sessions.get(sessionId);
    gathered.sessions.set(sessionId, known ? mergeSessions(known, session) : session);
    gathered.first = Math.min(gathered.first, sequence);
    gathered.dueAt = Math.min(gathered.dueAt, dueAt(gathered.hour));
  }

  /** Takes what is due; it counts as held until `work` is done, and is held again when that fails. */
  async leave(now: number, work: (gathered: Gathered) => Promise<void>, retryAt: number): Promise<unknown[]> {
    const due = [...this.#hours].filter(([, { dueAt }]) => dueAt <= now);
    for (const [id, gathered] of due) {
      this.#hours.delete(id);
      this.#leaving.add(gathered);
    }
    const problems: unknown[] = [];
    await inParallel(due, HOURS, async ([, gathered]) => {
      try {
        await work(gathered);
      } catch (error) {
        problems.push(error);
        for (const session of gathered.sessions.values()) this.add(session, gathered.first, () => retryAt);
      } finally {
        this.#leaving.delete(gathered);
      }
    });
    return problems;
  }

  /** The oldest entry of the journal that is still needed. */
  get oldest(): number {
    return Math.min(...[...this.#hours.values(), ...this.#leaving].map(({ first }) => first));
  }

  get empty(): boolean {
    return this.#hours.size === 0 && this.#leaving.size === 0;
  }
}
