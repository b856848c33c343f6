import { type Beacon, type SessionClaims } from '@kinora/contracts-analytics';
import { DomainError } from '@kinora/contracts-common';
import { LRUCache } from 'lru-cache';
import { coalesce } from './coalesce';
import { type Journal } from './journal/journal';
import { presentUntil } from './live/presence';
import { type Clock, type LiveBoard, type Observer, type VideoStore } from './ports';
import { type Violation, violationOf } from './session/bounds';
import { factsOf } from './session/facts';
import { mergeFacts } from './session/merge';
import { type Session, keyOf } from './session/session';
import { type LearnDuration } from './video-duration';

export interface IngestParts {
  readonly journal: Pick<Journal, 'write'>;
  readonly learnDuration: LearnDuration;
  readonly videos: VideoStore;
  readonly live: LiveBoard;
  readonly clock: Clock;
  readonly observe: Observer;
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
 * Takes beacons in. When it returns, what was accepted is in the journal on disk, from which it comes into its session and the rollups
 * whatever happens to this process; nothing rests on Redis.
 * @throws DomainError `session.ended` when the video was deleted.
 */
export function createIngest(parts: IngestParts): Ingest {
  const { journal, learnDuration, videos, live, clock, observe } = parts;
  const gone = new LRUCache<string, boolean>({ max: 10_000, ttl: 5_000, perf: { now: clock } });

  // Many viewers of one video ask at once: one look answers all of them.
  const look = coalesce<undefined, boolean>(
    () => undefined,
    async (videoId) => {
      const answer = await videos.isGone(videoId);
      gone.set(videoId, answer);
      return answer;
    },
  );
  const isGone = async (videoId: string): Promise<boolean> => gone.get(videoId) ?? look(videoId, undefined);

  const show = (session: Session, now: number, sentAt: number): void => {
    const { videoId, sessionId } = session.key;
    // The live number is approximate: nothing waits for it.
    void live
      .set(videoId, sessionId, presentUntil(session, { now, sentAt }))
      .catch((error: unknown) => observe.problem('live board', error));
  };

  return async (claims, beacons) => {
    const now = clock();
    const key = keyOf(claims);
    if (await isGone(key.videoId)) throw ended();

    const { credible, refused } = sift(claims, beacons, now);
    for (const [reason, count] of refused) observe.beacons('refused', reason, count);
    const newest = credible.toSorted((a, b) => b.sn - a.sn)[0];
    if (!newest) return { accepted: 0, refused: beacons.length };

    await learnDuration(key.videoId, claims.dur, claims.iat);
    const session = await journal.write({
      key,
      begin: claims.beg,
      viewer: claims.vwr ?? null,
      facts: credible.map(factsOf).reduce(mergeFacts),
      skew: Math.round(Math.min(...credible.map((beacon) => Math.max(-MAX_SKEW_MS, now - beacon.ts)))),
    });
    show(session, now, newest.ts);
    observe.beacons('accepted', 'ok', credible.length);
    return { accepted: credible.length, refused: beacons.length - credible.length };
  };
}
