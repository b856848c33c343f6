import { type Facts, type Run } from '../session/session';

/** Half-open stretch of numbers [from, to). */
export type Span = readonly [from: number, to: number];

/** A stop shorter than this, or a step not farther, does not end a stretch of watching. */
const JOIN_TENTHS = 5;

/** The union of spans as disjoint ones in order. */
export function unionOf(spans: readonly Span[]): Span[] {
  const union: [number, number][] = [];
  for (const [from, to] of spans.toSorted((a, b) => a[0] - b[0])) {
    if (to <= from) continue;
    const last = union.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else union.push([from, to]);
  }
  return union;
}

/**
 * The runs of a session in the order of watching, within the video, a run that goes on where the one before stopped (pause, stall) joined
 * to it. Milliseconds.
 */
export function playsOf({ runs }: Facts, durationMs: number | null): Span[] {
  const ordered = Object.entries(runs)
    .map(([k, run]): [number, Run] => [Number(k), run])
    .sort(([a], [b]) => a - b);
  const plays: [number, number][] = [];
  let previous = -2;
  for (const [k, [from, to]] of ordered) {
    const last = plays.at(-1);
    if (last && k === previous + 1 && Math.abs(from - last[1]) <= JOIN_TENTHS && to >= last[1]) last[1] = to;
    else plays.push([from, to]);
    previous = k;
  }
  const end = durationMs ?? Infinity;
  return plays
    .map(([from, to]): Span => [Math.min(from * 100, end), Math.min(to * 100, end)])
    .filter(([from, to]) => to > from);
}

/** Plays beyond the 128th run, which are only counted: the hundredths of the video that they fell in. Milliseconds and count. */
export const overflowOf = ({ overflow }: Facts, durationMs: number | null): { span: Span; plays: number }[] =>
  durationMs === null
    ? []
    : Object.entries(overflow)
        .filter(([, plays]) => plays > 0)
        .map(([part, plays]) => ({
          span: [(Number(part) * durationMs) / 100, ((Number(part) + 1) * durationMs) / 100],
          plays,
        }));
