import { type Beacon } from '@kinora/contracts-analytics';
import { hourOf } from '../../src/domain/calendar';
import { factsOf } from '../../src/domain/session/facts';
import { mergeFacts } from '../../src/domain/session/merge';
import { type Session } from '../../src/domain/session/session';
import { beacon } from './player';

export const VIDEO = 'vid_01ARZ3NDEKTSV4RRFFQ69G5FAV';
export const BEGIN = Date.UTC(2026, 0, 15, 10, 0, 0) / 1000;

let made = 0;

/** A session of the given beacons, or of one with the given fields. */
export function sessionOf(
  beacons: readonly Beacon[] | Parameters<typeof beacon>[0],
  { id, begin = BEGIN, viewer = null }: { id?: string; begin?: number; viewer?: string | null } = {},
): Session {
  const all = Array.isArray(beacons) ? (beacons as Beacon[]) : [beacon(beacons as Parameters<typeof beacon>[0])];
  return {
    key: { videoId: VIDEO, hour: hourOf(begin * 1000), sessionId: id ?? `ses_${++made}` },
    begin,
    viewer,
    facts: all.map(factsOf).reduce(mergeFacts),
    skew: 0,
  };
}
