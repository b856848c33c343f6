import { DomainError } from '@kinora/contracts-common';
import { canonical } from '../canonical';
import { coalesce } from '../coalesce';
import { type Observer, type SessionStore } from '../ports';
import { mergeSessions } from './merge';
import { type Session } from './session';

const ATTEMPTS = 12;

const pause = (attempt: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(200, 5 * 2 ** attempt)));

/**
 * Merges what is known of a session into what is stored and returns the whole. What comes for one session while a write of it is under way
 * is merged in memory and written together; between replicas the version decides, and so what a write added is told of once.
 */
export function createSessionRecorder(
  sessions: SessionStore,
  observe: Pick<Observer, 'session'>,
): (session: Session) => Promise<Session> {
  const record = coalesce<Session, Session>(mergeSessions, async (_key, news) => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const stored = await sessions.get(news.key);
      const merged = stored ? mergeSessions(stored.session, news) : news;
      if (stored && canonical(stored.session) === canonical(merged)) return merged;
      if (await sessions.put(merged, stored?.version ?? 0)) {
        observe.session(stored?.session.facts, merged.facts);
        return merged;
      }
      await pause(attempt);
    }
    throw new DomainError(
      'unavailable',
      'session.busy',
      'Too many reports of this session at once. Try again shortly.',
    );
  });
  return (session) => record(`${session.key.videoId}/${session.key.sessionId}`, session);
}
