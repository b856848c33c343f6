import { type VideoLength } from '@kinora/contracts-catalog';

const MINUTE = 60_000;

/** Which shelf of lengths a video stands on; null until its duration is known. */
export function lengthOf(durationMs: number | undefined): VideoLength | null {
  if (durationMs === undefined) return null;
  if (durationMs < 4 * MINUTE) return 'short';
  return durationMs <= 20 * MINUTE ? 'medium' : 'long';
}
