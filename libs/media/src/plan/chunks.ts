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
  { targetFrames }: ChunkOptions = {},
): ChunkPlan[] {
  const one: ChunkPlan[] = [{ index: 0, startFrame: 0, endFrame: null, firstSegment: 1 }];
  if (totalFrames === undefined || targetFrames === undefined || targetFrames <= 0) return one;
  const count = Math.max(1, Math.round(totalFrames / targetFrames));
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
