import { type Rational, toNumber } from '../rational';
import { type ChunkPlan } from './encoding-plan';

/** GOPs in a segment: the first is short so that playing starts early, then 2, then 3 (6 s). Segments count from 1. */
export const gopsInSegment = (segment: number): number => Math.min(Math.max(segment, 1), 3);

/** GOPs before a segment. */
export const firstGopOfSegment = (segment: number): number =>
  segment <= 3 ? ([0, 0, 1, 3][Math.max(segment, 0)] ?? 0) : 3 * (segment - 2);

/** The segment that a GOP (counted from 0) lies in. */
export const segmentOfGop = (gop: number): number => (gop < 1 ? 1 : gop < 3 ? 2 : Math.floor(gop / 3) + 2);

export const firstFrameOfSegment = (segment: number, gopFrames: number): number =>
  firstGopOfSegment(segment) * gopFrames;

export const segmentOfFrame = (frame: number, gopFrames: number): number => segmentOfGop(Math.floor(frame / gopFrames));

/** Segments that hold so many frames; the last one may be shorter. */
export const segmentCount = (frames: number, gopFrames: number): number =>
  frames <= 0 ? 0 : segmentOfFrame(frames - 1, gopFrames);

export interface ChunkOptions {
  /** Frames that a chunk should have, roughly. Undefined: one chunk for all. */
  readonly targetFrames?: number;
  /** Frames that it has at least. */
  readonly leastFrames?: number;
  /** Videos of fewer frames are one chunk. */
  readonly wholeBelow?: number;
  /** Jobs that can be at work at a time: with a multiple of it as chunks, none is left to wait for the last. */
  readonly slots?: number;
}

/** Chunks of about so many seconds, three fifths of it at least, for videos longer than one and a half of them. */
export const chunksOf = (seconds: number, rate: Rational, slots: number): ChunkOptions => {
  const targetFrames = Math.max(1, Math.round(seconds * toNumber(rate)));
  return {
    targetFrames,
    leastFrames: Math.round(targetFrames * 0.6),
    wholeBelow: Math.round(targetFrames * 1.5),
    slots,
  };
};

function countOf(totalFrames: number, options: ChunkOptions & { targetFrames: number }): number {
  const { targetFrames, leastFrames = 1, wholeBelow = 0, slots = 1 } = options;
  const about = Math.round(totalFrames / targetFrames);
  if (totalFrames < wholeBelow || about <= 1) return 1;
  const most = Math.max(1, Math.floor(totalFrames / leastFrames));
  const even = Math.ceil(about / slots) * slots;
  if (even <= most) return even;
  // More workers than there is work for: as many chunks as there may be.
  return most < slots ? most : Math.floor(most / slots) * slots;
}

/**
 * Cuts a video into chunks that start where a segment starts, evened out in length, none shorter than a full segment: a
 * short tail belongs to the chunk before it, because a track's init must be equal in all its chunks and an encoder that
 * sees one or two frames writes another one. The last chunk is open-ended: the real length is known only after decoding.
 * @param totalFrames undefined if unknown; then there is one chunk
 */
export function planChunks(
  totalFrames: number | undefined,
  gopFrames: number,
  options: ChunkOptions = {},
): ChunkPlan[] {
  const { targetFrames } = options;
  const one: ChunkPlan[] = [{ index: 0, startFrame: 0, endFrame: null, firstSegment: 1 }];
  if (totalFrames === undefined || targetFrames === undefined || targetFrames <= 0) return one;
  const count = countOf(totalFrames, { ...options, targetFrames });
  const lastStart = totalFrames - 3 * gopFrames;
  const starts = new Set([1]);
  for (let k = 1; k < count; k += 1) {
    const wanted = (totalFrames * k) / count;
    const below = segmentOfFrame(Math.floor(wanted), gopFrames);
    const nearest = [below, below + 1].toSorted(
      (a, b) =>
        Math.abs(firstFrameOfSegment(a, gopFrames) - wanted) - Math.abs(firstFrameOfSegment(b, gopFrames) - wanted),
    )[0];
    if (nearest !== undefined && firstFrameOfSegment(nearest, gopFrames) <= lastStart) starts.add(nearest);
  }
  const segments = [...starts];
  return segments.map((firstSegment, index) => {
    const next = segments[index + 1];
    return {
      index,
      startFrame: firstFrameOfSegment(firstSegment, gopFrames),
      endFrame: next === undefined ? null : firstFrameOfSegment(next, gopFrames),
      firstSegment,
    };
  });
}
