import { type Session } from '../session/session';

/** How often a player reports: each 10 s in its first minute, then each 30 s. */
export const heartbeatMs = (mono: number): number => (mono < 60_000 ? 10_000 : 30_000);

const watching = new Set(['starting', 'playing', 'seeking', 'rebuffering']);
/** Later than this, a beacon tells of the past: it was kept by the player and sent on the next visit. */
const LATE_MS = 60_000;
const LATE_FIRST_MS = 3_600_000;

/**
 * Until when a session counts as watching now, in milliseconds since the epoch: 2.5 heartbeats after its newest beacon. Undefined when it is
 * paused or over, or when the news is old.
 */
export function presentUntil(session: Session, { now, sentAt }: { now: number; sentAt: number }): number | undefined {
  const { newest } = session.facts;
  if (!watching.has(newest.state)) return undefined;
  // Against the quickest beacon; a session whose beacons were all late shows by the server's own clock.
  const late = now - sentAt - session.skew > LATE_MS || now - (session.begin * 1000 + newest.mono) > LATE_FIRST_MS;
  return late ? undefined : now + 2.5 * heartbeatMs(newest.mono);
}
