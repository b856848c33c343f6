import { type VideoTrack } from '../probe/model';
import { type Rational, reduce, toNumber } from '../rational';

const STANDARD: readonly Rational[] = [
  { num: 24000, den: 1001 },
  { num: 24, den: 1 },
  { num: 25, den: 1 },
  { num: 30000, den: 1001 },
  { num: 30, den: 1 },
  { num: 48, den: 1 },
  { num: 50, den: 1 },
  { num: 60000, den: 1001 },
  { num: 60, den: 1 },
];

const MAX_RATE = 60;
/** Slower sources get every frame several times (x264 codes that as skips), so that timing stays within half of 1/10 s. */
const MIN_RATE = 10;
/** Clocks of cameras are off by this much at most. */
const SAME = 0.005;

const nearest = (rate: number): Rational =>
  STANDARD.reduce((best, one) => (Math.abs(toNumber(one) - rate) < Math.abs(toNumber(best) - rate) ? one : best));

const smallestAtLeast = (rate: number): Rational =>
  STANDARD.find((one) => toNumber(one) >= rate * (1 - SAME)) ?? { num: 60, den: 1 };

const isClose = (rate: Rational, value: number): boolean => Math.abs(toNumber(rate) / value - 1) <= SAME;

/** A rational that a muxer's timescale holds exactly without becoming absurd. */
const isPlain = ({ num, den }: Rational): boolean => den <= 1001 && num <= 120_000;

/** Brings a constant rate between 10 and 60 by showing frames a whole number of times, or every n-th. */
function fitted(rate: Rational): Rational {
  const value = toNumber(rate);
  if (value > MAX_RATE * (1 + SAME))
    return reduce({ num: rate.num, den: rate.den * Math.ceil(value / (MAX_RATE * (1 + SAME))) });
  if (value < MIN_RATE) return reduce({ num: rate.num * Math.ceil(MIN_RATE / value), den: rate.den });
  return rate;
}

/**
 * The one exact rate of all output. Every source is put on this grid, variable rates too: segments are then a whole
 * number of frames, alike in every rung.
 * Constant rate: the source's own, if it is a standard one or a plain fraction. Variable: the smallest standard rate
 * that holds the frames of its busier stretches. ffprobe's base rate alone is never trusted (it is 60 for a file averaging 26).
 */
export function chooseRate(video: Pick<VideoTrack, 'averageRate' | 'baseRate'>): Rational {
  const { averageRate, baseRate } = video;
  const average = averageRate ?? baseRate;
  if (!average) return { num: 30, den: 1 };
  const value = toNumber(average);
  const standard = nearest(value);
  if (isClose(standard, value)) return standard;
  const constant = baseRate !== undefined && isClose(baseRate, value);
  if (constant) {
    const rate = fitted(isPlain(baseRate) ? baseRate : { num: Math.round(value * 1000), den: 1000 });
    return isPlain(reduce(rate)) ? reduce(rate) : smallestAtLeast(toNumber(rate));
  }
  // Variable. A believable base rate is what the frames were timed for; a time base like 1000 or 90000 says nothing.
  const base = baseRate ? toNumber(baseRate) : Number.POSITIVE_INFINITY;
  const wanted = Math.min(MAX_RATE, base <= 2 * MAX_RATE ? base : value * 1.25);
  return isClose(nearest(wanted), wanted) ? nearest(wanted) : smallestAtLeast(wanted);
}

/** Frames from one keyframe to the next: two seconds as nearly as whole frames allow. */
export const gopFramesOf = (rate: Rational): number => Math.max(1, Math.round(2 * toNumber(rate)));

/** Ticks per second for a track of this rate: a frame is a whole number of ticks, and a tick is under 0.1 ms. */
export function timescaleOf(rate: Rational): number {
  let timescale = rate.num;
  while (timescale < 10_000) timescale *= 2;
  return timescale;
}
