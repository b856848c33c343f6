import { type Beacon, type BeaconInput, Beacon as BeaconSchema, type SessionClaims } from '@kinora/contracts-analytics';
import { newId } from '@kinora/contracts-common';
import { randomUUID } from 'node:crypto';
import { heartbeatMs } from '../src/domain/live/presence';
import { random } from '../test/support/player';

export interface Report {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly claims: SessionClaims;
  readonly beacon: Beacon;
}

export interface Audience {
  readonly viewers: number;
  readonly videos: number;
  readonly from: number;
  readonly minutes: number;
}

/** How long a viewing lasts on average; many are short and a few long. */
const MEAN_MS = 8 * 60_000;
const DURATION_MS = 1_200_000;
const devices = [
  { device: 'desktop', os: 'windows', browser: 'chrome', connection: '4g' },
  { device: 'mobile', os: 'android', browser: 'chrome', connection: '4g' },
  { device: 'mobile', os: 'ios', browser: 'safari' },
  { device: 'desktop', os: 'macos', browser: 'firefox' },
] as const;

/** What the player of one viewer reports: as ours does, each 10 s in the first minute, then each 30 s, and when it stops. */
function* session(claims: SessionClaims, begin: number, lengthMs: number, next: () => number): Generator<Report> {
  const startup = Math.round(200 + next() * 1_800);
  const about = devices[Math.floor(next() * devices.length)];
  const offset = Math.floor(next() * 3) * 100;
  let stall = 0;
  let stalls = 0;
  let mono = startup;
  for (let sn = 0; ; sn++) {
    if (next() < 0.04) {
      stalls += 1;
      stall += Math.round(next() * 2_000);
    }
    const playing = Math.max(0, Math.round(mono - startup - stall));
    const position = Math.round(offset + playing / 100) / 10;
    const low = Math.min(playing, 4_000);
    const last = mono >= lengthMs;
    yield {
      at: begin + mono,
      claims,
      beacon: BeaconSchema.parse({
        ...{ sn, ts: begin + mono, mono, state: last ? 'quit' : 'playing', position, attempted: true, startup },
        ...{ playing, stall, stalls, seek: 0, seeks: 0, pause: 0 },
        frames: { decoded: Math.floor(playing / 40), dropped: Math.floor(playing / 9_000) },
        rungs: { v360: low, v720: playing - low },
        switches: { up: playing > low ? 1 : 0, down: 0 },
        runs: { 0: [offset / 10, Math.max(offset / 10, position)] },
        ...(sn === 0 && {
          dimensions: { player: 'kinora', engine: 'shaka', pageHost: 'video.example', autoplay: false, ...about },
        }),
      } satisfies BeaconInput),
    };
    if (last) return;
    mono = Math.min(lengthMs, mono + heartbeatMs(mono));
  }
}

/**
 * Everything that an audience of a steady size reports in some minutes, in order. Videos are as popular as they are on such platforms: the
 * n-th has an n-th of the viewers of the first (Zipf).
 */
export function reportsOf({ viewers, videos, from, minutes }: Audience): Report[] {
  const next = random(18);
  const until = from + minutes * 60_000;
  const ids = Array.from({ length: videos }, () => newId('vid'));
  const weights = ids.map((_, n) => 1 / (n + 1));
  const total = weights.reduce((sum, one) => sum + one, 0);
  const video = (): string => {
    let left = next() * total;
    return ids.find((_, n) => (left -= weights[n] ?? 0) <= 0) ?? (ids[0] as string);
  };
  const reports: Report[] = [];
  for (let seat = 0; seat < viewers; seat++) {
    // Each seat is taken anew when its viewer leaves; at the start all are somewhere in the middle.
    for (let at = from - next() * MEAN_MS; at < until;) {
      const length = Math.round(5_000 - Math.log(1 - next()) * MEAN_MS);
      const beg = Math.floor(at / 1000);
      const claims: SessionClaims = {
        ...{ sid: newId('ses'), vid: video(), own: 'owner', dur: DURATION_MS, vwr: randomUUID(), cls: 'device', beg },
        ...{ iat: beg, exp: beg + 21_600 },
      };
      reports.push(...session(claims, at, length, next));
      at += length;
    }
  }
  return reports.filter(({ at }) => at >= from && at < until).sort((a, b) => a.at - b.at);
}
