import { DAY_MS } from '../calendar';
import { type Session } from '../session/session';
import { type Span } from './coverage';

/** Changes of the number of sessions: [seconds, by], in order, one entry per second. */
export type Edges = readonly (readonly [second: number, by: number])[];

/** No session is taken to be present for longer than a day. */
export const MAX_PRESENCE_S = DAY_MS / 1000;

/** From its begin to when the viewer was last there, in whole seconds since the epoch. */
export const presenceOf = ({ begin, facts }: Session): Span => [
  begin,
  begin + Math.min(MAX_PRESENCE_S, Math.max(1, Math.ceil(facts.active / 1000))),
];

/** Adds changes up and leaves out the seconds at which nothing changes. */
export class EdgeBuilder {
  readonly #by = new Map<number, number>();

  add(second: number, by: number): void {
    this.#by.set(second, (this.#by.get(second) ?? 0) + by);
  }

  build(): [number, number][] {
    return [...this.#by].filter(([, by]) => by !== 0).sort(([a], [b]) => a - b);
  }
}

/**
 * The greatest number of sessions present at once in each window of seconds, windows in order and disjoint: one exact sweep over all
 * changes, sessions that began before a window included.
 */
export function peaksOf(edges: Edges, windows: readonly Span[]): number[] {
  let present = 0;
  let next = 0;
  const advance = (until: number, see: (present: number) => void): void => {
    for (let edge = edges[next]; edge && edge[0] < until; edge = edges[++next]) {
      present += edge[1];
      see(present);
    }
  };
  return windows.map(([from, to]) => {
    advance(from + 1, () => undefined);
    let peak = present;
    advance(to, (now) => (peak = Math.max(peak, now)));
    return peak;
  });
}
