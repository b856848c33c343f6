import { type Span, unionOf } from './coverage';

/** Counts per bucket as differences: an interval touches two cells, and the sum up to a cell is its count. Arrays of two periods add up. */
export interface Retention {
  /** 0 while the duration is unknown. */
  readonly bucketMs: number;
  readonly sessions: readonly number[];
  readonly plays: readonly number[];
}

export const noRetention: Retention = { bucketMs: 0, sessions: [], plays: [] };

const MAX_BUCKETS = 500;

/** Length of a bucket: a hundredth of a short video, 1 s up to 500 s, and never more than 500 buckets; on a grid of 0.1 s. */
export const bucketMsOf = (durationMs: number): number =>
  Math.max(100, Math.ceil(Math.max(durationMs / MAX_BUCKETS, Math.min(1_000, durationMs / 100)) / 100) * 100);

export const bucketsOf = (durationMs: number): number => Math.ceil(durationMs / bucketMsOf(durationMs));

/** Adds up the coverage of sessions. A bucket counts as covered, or played, when any part of it was. */
export class RetentionBuilder {
  readonly #bucketMs: number;
  readonly #sessions: number[];
  readonly #plays: number[];

  constructor(durationMs: number | null) {
    const known = durationMs !== null && durationMs > 0;
    this.#bucketMs = known ? bucketMsOf(durationMs) : 0;
    const cells = known ? bucketsOf(durationMs) + 1 : 0;
    this.#sessions = new Array<number>(cells).fill(0);
    this.#plays = new Array<number>(cells).fill(0);
  }

  add(plays: readonly Span[], overflow: readonly { span: Span; plays: number }[]): void {
    if (this.#bucketMs === 0) return;
    const buckets = plays.map((play) => this.#touched(play));
    const extra = overflow.map(({ span, plays: count }) => ({ span: this.#touched(span), count }));
    for (const span of buckets) this.#count(this.#plays, span, 1);
    for (const { span, count } of extra) this.#count(this.#plays, span, count);
    for (const span of unionOf([...buckets, ...extra.map(({ span }) => span)])) this.#count(this.#sessions, span, 1);
  }

  build(): Retention {
    return { bucketMs: this.#bucketMs, sessions: this.#sessions, plays: this.#plays };
  }

  #touched([from, to]: Span): Span {
    const last = this.#sessions.length - 1;
    return [Math.min(last, Math.floor(from / this.#bucketMs)), Math.min(last, Math.ceil(to / this.#bucketMs))];
  }

  #count(cells: number[], [from, to]: Span, by: number): void {
    cells[from] = (cells[from] ?? 0) + by;
    cells[to] = (cells[to] ?? 0) - by;
  }
}

const add = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value + (b[i] ?? 0));

/** Two periods of one video. On different grids (its duration has just changed) the one that has plays of the newer grid stays: `b`. */
export function addRetention(a: Retention, b: Retention): Retention {
  if (b.bucketMs === 0) return a;
  if (a.bucketMs !== b.bucketMs || a.sessions.length !== b.sessions.length) return b;
  return { bucketMs: a.bucketMs, sessions: add(a.sessions, b.sessions), plays: add(a.plays, b.plays) };
}

/** The counts themselves, one per bucket. */
export function countsOf(differences: readonly number[]): number[] {
  let count = 0;
  return differences.slice(0, -1).map((difference) => (count += difference));
}
