interface Size {
  readonly width: number;
  readonly height: number;
}

/** Lines that look right on a phone and start at once on any connection, for a fraction of what the largest rung costs. */
const MIDDLE_SIDE = 480;

/**
 * The rung that a video becomes playable with, and that players start with: nearest to 480 lines, the smaller of two as near.
 * @throws if there is none
 */
export function middleRung<R extends Size>(rungs: readonly R[]): R {
  const [first, ...others] = rungs;
  if (!first) throw new Error('a ladder has a rung');
  const distance = ({ width, height }: Size) => Math.abs(Math.min(width, height) - MIDDLE_SIDE);
  return others.reduce((best, rung) => (distance(rung) <= distance(best) ? rung : best), first);
}
