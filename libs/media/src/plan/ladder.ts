import { type VideoTrack } from '../probe/model';
import { type Rational, toNumber } from '../rational';
import { type Rung } from './encoding-plan';
import { timescaleOf } from './frame-rate';
import { h264Level } from './h264-level';

/** Short side, and peak bits per second for 16:9 at up to 30 frames a second. */
const STEPS: readonly (readonly [number, number])[] = [
  [1080, 5_000_000],
  [720, 2_800_000],
  [480, 1_400_000],
  [360, 800_000],
  [240, 400_000],
];
const SMALLEST = 240;
/** A source this much larger than the best step below it gets a rung of its own size as well: 576 lines, but not 500. */
const WORTH_A_RUNG = 1.19;
/** Longest side of any rung; beyond it hardware decoders give up. */
const MAX_SIDE = 4096;

interface Size {
  readonly width: number;
  readonly height: number;
}

const even = (n: number): number => Math.max(2, Math.round(n / 2) * 2);
const evenBelow = (n: number): number => Math.max(2, Math.floor(n / 2) * 2);

/**
 * Even width and height whose short side is at most `short`, no larger than the source, with its shape as nearly as even
 * numbers allow: a few short sides are tried where rounding would bend the picture by more than 1 %.
 */
export function fitShortSide(source: Size, short: number): Size {
  const portrait = source.height > source.width;
  const longer = Math.max(source.width, source.height);
  const shorter = Math.min(source.width, source.height);
  const aspect = longer / shorter;
  const limit = evenBelow(Math.min(short, shorter, Math.max(2, MAX_SIDE / aspect)));
  let best = { short: limit, long: 2, error: Number.POSITIVE_INFINITY };
  for (let side = limit; side >= Math.max(2, limit * 0.9); side -= 2) {
    const ideal = Math.min(side * aspect, longer);
    const long = Math.min(even(ideal), Math.max(evenBelow(longer), 2), MAX_SIDE);
    const error = Math.abs(long / side / aspect - 1);
    if (error < best.error - 1e-9) best = { short: side, long, error };
    if (best.error <= 0.01) break;
  }
  return portrait ? { width: best.short, height: best.long } : { width: best.long, height: best.short };
}

/** Peak bitrate between two steps, for shapes other than 16:9 and for high rates. */
function maxrateOf(size: Size, framesPerSecond: number): number {
  const pixels = size.width * size.height;
  const area = (short: number) => (short * short * 16) / 9;
  const [top, topRate] = STEPS[0] ?? [1080, 5_000_000];
  const above = STEPS.findLast(([short]) => area(short) >= pixels) ?? [top, topRate];
  // Bits grow more slowly than pixels do: with their power of 0.85, near enough to the steps themselves.
  const rate = above[1] * (pixels / area(above[0])) ** 0.85 * (framesPerSecond > 31 ? 1.5 : 1);
  return Math.max(100_000, Math.round(rate / 1000) * 1000);
}

/** The short sides of the ladder of a source, largest first. Never more than the source has. */
function shortSides(source: Size): number[] {
  const shorter = Math.min(source.width, source.height);
  const longer = Math.max(source.width, source.height);
  const room = Math.min(shorter, (MAX_SIDE * shorter) / longer);
  const steps = STEPS.map(([short]) => short).filter((short) => short <= room);
  const top = steps[0];
  if (top === undefined) return [room];
  return top < 1080 && room >= top * WORTH_A_RUNG ? [room, ...steps] : steps;
}

export interface LadderOptions {
  readonly preset?: string;
  readonly crf?: number;
}

/**
 * The rungs of a source, largest first: 1080, 720, 480, 360, 240 by the short side as far as the source reaches, and one
 * of its own size where that lies well between two steps. A source below 240 gets a single rung.
 */
export function planLadder(
  video: Pick<VideoTrack, 'displayWidth' | 'displayHeight'>,
  rate: Rational,
  { preset = 'veryfast', crf = 23 }: LadderOptions = {},
): Rung[] {
  const source = { width: Math.max(1, video.displayWidth), height: Math.max(1, video.displayHeight) };
  const framesPerSecond = toNumber(rate);
  const rungs = new Map<string, Rung>();
  for (const short of shortSides(source)) {
    const size = fitShortSide(source, short);
    const side = Math.min(size.width, size.height);
    const id = `v${side}`;
    if (rungs.has(id) || (rungs.size > 0 && side < SMALLEST - 2)) continue;
    const maxrate = maxrateOf(size, framesPerSecond);
    rungs.set(id, {
      id,
      ...size,
      profile: side >= 480 ? 'high' : 'main',
      level: h264Level(size.width, size.height, framesPerSecond, maxrate),
      preset,
      crf,
      maxrate,
      bufsize: Math.round(maxrate * 1.5),
      timescale: timescaleOf(rate),
    });
  }
  return [...rungs.values()];
}
