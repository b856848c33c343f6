import { type Bins } from './histogram';
import { type Edges } from './concurrency';
import { type Retention, noRetention } from './retention';
import { type Viewers } from './viewers';

/** The numbers of a period that simply add up. Integers; times in milliseconds. */
export const sumNames = [
  'sessions',
  'attempts',
  'plays',
  'views',
  'playing',
  'stall',
  'stalls',
  'seek',
  'seeks',
  'pause',
  'covered',
  'viewedCovered',
  'viewedDuration',
  'viewedPlays',
  'finishes',
  'exitsBeforeStart',
  'startFailures',
  'playbackFailures',
  'errors',
  'switchesUp',
  'switchesDown',
  'framesDecoded',
  'framesDropped',
] as const;
export type Sums = Readonly<Record<(typeof sumNames)[number], number>>;

/** What is kept of the sessions that began in a period: everything of which longer periods, percentiles and curves can be made exactly. */
export interface Rollup {
  readonly sums: Sums;
  readonly startup: Bins;
  readonly rungs: Readonly<Record<string, number>>;
  readonly devices: Readonly<Record<string, number>>;
  readonly browsers: Readonly<Record<string, number>>;
  readonly viewers: Viewers;
  readonly retention: Retention;
}

export interface HourRollup extends Rollup {
  /** In seconds from the begin of the hour. */
  readonly edges: Edges;
}

export interface DayRollup extends Rollup {
  readonly peakConcurrent: number;
}

export const noSums = (): Record<keyof Sums, number> =>
  Object.fromEntries(sumNames.map((name) => [name, 0])) as Record<keyof Sums, number>;

export const emptyRollup: Rollup = {
  sums: noSums(),
  startup: {},
  rungs: {},
  devices: {},
  browsers: {},
  viewers: { exact: [] },
  retention: noRetention,
};

/** Adds to a table of counts. */
export const count = (table: Map<string, number>, key: string, by = 1): void =>
  void table.set(key, (table.get(key) ?? 0) + by);

/** The greatest `limit` of a table by count, as an object with its keys in order: a bound on what names from outside can fill. */
export const topOf = (table: ReadonlyMap<string, number>, limit = 64): Record<string, number> =>
  Object.fromEntries(
    [...table]
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .slice(0, limit)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
