import { LRUCache } from 'lru-cache';
import { batched } from '../batched';
import { canonical } from '../canonical';
import { coalesce } from '../coalesce';
import { type Announcement, type Clock, type DirtyHour, type JournalStore } from '../ports';
import { mergeSessions } from '../session/merge';
import { type Session } from '../session/session';
import { Held } from './held';
import { type SettleHour } from './settle-hour';

export interface JournalParts {
  readonly store: JournalStore;
  readonly settle: SettleHour;
  readonly clock: Clock;
  /** Milliseconds by a clock that never jumps. */
  readonly elapsed: () => number;
  /** Names this process, and no other before or after it. */
  readonly writer: string;
  readonly newBeat: () => string;
  /** How long reports gather before they become one entry. */
  readonly windowMs: number;
  /** How long a session's reports gather in the journal before the session is written. */
  readonly gatherMs: number;
  /** The same for an hour that was left alone lately and in which somebody has just stopped watching. */
  readonly quickMs: number;
  /** After so long without a sign of life others take over what this writer left. */
  readonly leaseMs: number;
}

export interface Journal {
  /** When it returns, the news are on disk. Returns all that this process knows of the session. */
  write(news: Session): Promise<Session>;
  /** Writes the sessions of the hours that are due. Returns what went wrong; that is tried again. */
  tick(): Promise<unknown[]>;
  /** Writes everything. */
  close(): Promise<unknown[]>;
}

/** Sessions per entry: far below the 400 KB of an item even if each has all the runs that one may have. */
const MOST = 100;
const RETRY_MS = 2_000;
const over = new Set(['ended', 'quit', 'failed']);

const once = (sessions: readonly Session[]): Session[] => {
  const byId = new Map<string, Session>();
  for (const session of sessions) {
    const known = byId.get(session.key.sessionId);
    byId.set(session.key.sessionId, known ? mergeSessions(known, session) : session);
  }
  return [...byId.values()];
};

/**
 * What makes a beacon cheap: reports of many sessions become one entry of this process's journal, which is all that an acknowledgement
 * waits for; sessions are written when some of their reports have gathered. If the process dies, others find the entries (recover.ts).
 * Merging makes it harmless to do anything of this twice.
 */
export function createJournal(parts: JournalParts): Journal {
  const { store, settle, clock, elapsed, writer, newBeat, windowMs, gatherMs, quickMs, leaseMs } = parts;
  const held = new Held();
  const recent = new LRUCache<string, Session>({ max: 10_000 });
  const settledAt = new LRUCache<string, number>({ max: 10_000 });
  let last = 0;
  let appending = 0;
  let announced: { at: number; as: Announcement } | undefined;

  const dueAt = (session: Session) => (hour: DirtyHour) => {
    const now = clock();
    const pause = (settledAt.get(`${hour.videoId}/${hour.hour}`) ?? -Infinity) + gatherMs;
    return over.has(session.facts.newest.state) ? Math.max(now + Math.min(quickMs, gatherMs), pause) : now + gatherMs;
  };

  const announce = coalesce<undefined, void>(
    () => undefined,
    async () => {
      const at = elapsed();
      const as = { writer, beat: newBeat(), done: Math.min(held.oldest - 1, last) };
      await store.announce(as);
      announced = { at, as };
    },
  );
  const announcedFor = (): number => elapsed() - (announced?.at ?? -Infinity);

  const append = batched<Session>({ windowMs, most: MOST }, async (news) => {
    const sessions = once(news);
    const sequence = ++last;
    // Held before it is on disk: so no announcement can pass over it.
    for (const session of sessions) held.add(session, sequence, dueAt(session));
    appending += 1;
    try {
      if (announcedFor() > leaseMs / 4) await announce('', undefined);
      await store.append(writer, sequence, sessions);
      // A writer that was away for long may have been buried, just before this entry came: then it shows itself again.
      while (announcedFor() > leaseMs / 2) await announce('', undefined);
    } finally {
      appending -= 1;
    }
  });

  const leave = async (until: number): Promise<unknown[]> => {
    const now = clock();
    return held.leave(
      until,
      async ({ hour, sessions }) => {
        await settle(hour, sessions.values());
        settledAt.set(`${hour.videoId}/${hour.hour}`, clock());
      },
      now + RETRY_MS,
    );
  };

  /** An idle writer has nothing that anybody could take over. */
  const retire = async (): Promise<void> => {
    if (!announced || !held.empty || appending > 0) return;
    const { as } = announced;
    announced = undefined;
    await store.retire(as);
  };

  const stayKnown = async (): Promise<void> => {
    if (!announced) return;
    if (!held.empty && announcedFor() > leaseMs / 4) return announce('', undefined);
    if (announcedFor() > leaseMs / 2) return retire();
  };

  const attempt = async (work: Promise<void>): Promise<unknown[]> =>
    work.then(
      () => [],
      (error: unknown) => [error],
    );

  return {
    async write(news) {
      const { sessionId } = news.key;
      const known = recent.get(sessionId);
      // Said before, and on disk since.
      if (known && canonical(mergeSessions(known, news)) === canonical(known)) return known;
      await append(news);
      const before = recent.get(sessionId);
      const session = before ? mergeSessions(before, news) : news;
      recent.set(sessionId, session);
      return session;
    },
    tick: async () => [...(await leave(clock())), ...(await attempt(stayKnown()))],
    close: async () => [...(await leave(Infinity)), ...(await attempt(retire()))],
  };
}
