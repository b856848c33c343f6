import { type Beacon, type SessionClaims } from '@kinora/contracts-analytics';
import { DomainError } from '@kinora/contracts-common';
import { LRUCache } from 'lru-cache';
import { coalesce } from './coalesce';
import { presentUntil } from './live/presence';
import {
  type Clock,
  type DirtyHour,
  type DirtyQueue,
  type HourMarks,
  type LiveBoard,
  type Observer,
  type SessionStore,
  type VideoStore,
} from './ports';
import { type Violation, violationOf } from './session/bounds';
import { factsOf } from './session/facts';
import { mergeFacts } from './session/merge';
import { createSessionRecorder } from './session/record-session';
import { type Session, keyOf } from './session/session';
import { createDurations } from './video-duration';

export interface IngestParts {
  readonly sessions: SessionStore;
  readonly marks: HourMarks;
  readonly videos: VideoStore;
  readonly dirty: DirtyQueue;
  readonly live: LiveBoard;
  readonly clock: Clock;
  readonly observe: Observer;
  /** Milliseconds from a change to the rollup of its hour. */
  readonly rollupDelayMs: number;
}

export type Ingest = (
  claims: SessionClaims,
  beacons: readonly Beacon[],
) => Promise<{ accepted: number; refused: number }>;

/** A player's clock may be anywhere; beyond this it says nothing at all. */
const MAX_SKEW_MS = 1e13;

const ended = () => new DomainError('gone', 'session.ended', 'This session is over: stop reporting on it.');

/** Those that could be true, and how often which bound was overstepped. */
function sift(claims: SessionClaims, beacons: readonly Beacon[], now: number) {
  const limits = { begin: claims.beg * 1000, now, durationMs: claims.dur };
  const refused = new Map<Violation, number>();
  const credible = beacons.filter((beacon) => {
    const violation = violationOf(beacon, limits);
    if (violation) refused.set(violation, (refused.get(violation) ?? 0) + 1);
    return !violation;
  });
  return { credible, refused };
}

/**
 * Takes beacons in. When it returns, what was accepted is in the session on disk and its hour is marked for rollup; nothing rests on Redis
 * or on this process.
 * @throws DomainError `session.ended` when the video was deleted.
 */
export function createIngest(parts: IngestParts): Ingest {
  const { marks, videos, dirty, live, clock, observe, rollupDelayMs } = parts;
  const record = createSessionRecorder(parts.sessions);
  const learnDuration = createDurations(parts);
  const gone = new LRUCache<string, boolean>({ max: 10_000, ttl: 5_000 });
  const registered = new LRUCache<string, true>({ max: 10_000 });

  const isGone = async (videoId: string): Promise<boolean> => {
    const answer = await videos.isGone(videoId);
    gone.set(videoId, answer);
    return answer;
  };

  // After the sessions were written: the mark, then whether the video is still there. One of both sees a deletion that came between.
  const seal = coalesce<DirtyHour, boolean>(
    (a) => a,
    async (_key, hour) => {
      await marks.mark(hour);
      if (!(await isGone(hour.videoId))) return true;
      await videos.purge(hour.videoId);
      return false;
    },
  );

  const signal = (session: Session, hour: DirtyHour, now: number, sentAt: number): void => {
    const { videoId, sessionId } = session.key;
    // Quick ways only: the mark brings the rollup about without them, and the live number is approximate.
    void Promise.all([
      dirty.add(hour, now + rollupDelayMs),
      live.set(videoId, sessionId, presentUntil(session, { now, sentAt })),
    ]).catch((error: unknown) => observe.problem('signal', error));
  };

  return async (claims, beacons) => {
    const now = clock();
    const key = keyOf(claims);
    const { videoId } = key;
    if (gone.get(videoId) ?? (await isGone(videoId))) throw ended();

    const { credible, refused } = sift(claims, beacons, now);
    for (const [reason, count] of refused) observe.beacons('refused', reason, count);
    const newest = credible.toSorted((a, b) => b.sn - a.sn)[0];
    if (!newest) return { accepted: 0, refused: beacons.length };

    const hour = { videoId, hour: key.hour };
    const id = `${videoId}/${key.hour}`;
    // The hour is known before it has a session, so that a deletion finds it.
    if (!registered.has(id)) {
      await marks.mark(hour);
      registered.set(id, true);
    }
    await learnDuration(videoId, claims.dur, claims.iat);
    const session = await record({
      key,
      begin: claims.beg,
      viewer: claims.vwr ?? null,
      facts: credible.map(factsOf).reduce(mergeFacts),
      skew: Math.round(Math.min(...credible.map((beacon) => Math.max(-MAX_SKEW_MS, now - beacon.ts)))),
    });
    if (!(await seal(id, hour))) {
      registered.delete(id);
      throw ended();
    }
    signal(session, hour, now, newest.ts);
    observe.beacons('accepted', 'ok', credible.length);
    return { accepted: credible.length, refused: beacons.length - credible.length };
  };
}
