interface Size {
  readonly width: number;
  readonly height: number;
}

/** 480 lines look right on a phone and start at once on any connection. */
const MIDDLE = 480;

/**
 * The rung that a video becomes playable with, and that players start with: the largest of at most 480 lines, or else the
 * smallest there is.
 * @throws if there is none
 */
export function middleRung<R extends Size>({ rungs }: { readonly rungs: readonly R[] }): R {
  const area = ({ width, height }: Size) => width * height;
  const sorted = rungs.toSorted((a, b) => area(b) - area(a));
  const middle = sorted.find(({ width, height }) => Math.min(width, height) <= MIDDLE) ?? sorted.at(-1);
  if (!middle) throw new Error('a ladder has a rung');
  return middle;
}
