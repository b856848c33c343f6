import { createHash } from 'node:crypto';
import { DAY_MS, type Day, type Hour, startOf } from '../calendar';
import { EdgeBuilder, type Edges, peaksOf } from './concurrency';
import { addRetention, noRetention } from './retention';
import { type DayRollup, type HourRollup, type Rollup, count, noSums, sumNames, topOf } from './rollup';
import { ViewerSet } from './viewers';

const tables = ['startup', 'rungs', 'devices', 'browsers'] as const;

/** The rollup of several periods, given in the order of time. Exact: the same as if computed from all of their sessions. */
export function combine(rollups: readonly Rollup[]): Rollup {
  const sums = noSums();
  const viewers = new ViewerSet();
  const counts = { startup: new Map(), rungs: new Map(), devices: new Map(), browsers: new Map() } as Record<
    (typeof tables)[number],
    Map<string, number>
  >;
  let retention = noRetention;
  for (const rollup of rollups) {
    for (const name of sumNames) sums[name] += rollup.sums[name];
    for (const table of tables)
      for (const [key, value] of Object.entries(rollup[table])) count(counts[table], key, value);
    viewers.addAll(rollup.viewers);
    retention = addRetention(retention, rollup.retention);
  }
  return {
    sums,
    startup: topOf(counts.startup, Infinity),
    rungs: topOf(counts.rungs),
    devices: topOf(counts.devices),
    browsers: topOf(counts.browsers),
    viewers: viewers.toJSON(),
    retention,
  };
}

export interface HourOf {
  readonly hour: Hour;
  readonly rollup: HourRollup;
  readonly digest: string;
}

/** The changes of several hours on one clock: seconds since the epoch. */
export function edgesOf(hours: readonly HourOf[]): Edges {
  const edges = new EdgeBuilder();
  for (const { hour, rollup } of hours) {
    const start = startOf(hour) / 1000;
    for (const [second, by] of rollup.edges) edges.add(start + second, by);
  }
  return edges.build();
}

/** Whether somebody of an hour was still there at a time. */
const reaches = ({ hour, rollup }: HourOf, second: number): boolean =>
  startOf(hour) / 1000 + (rollup.edges.at(-1)?.[0] ?? 0) > second;

/**
 * A day from its hours, and from those of the day before of whose sessions some were still present. No other may be part of it, nor of its
 * digest: when such a one changes, the day is not computed again.
 */
export function dayOfHours(day: Day, hours: readonly HourOf[]): { rollup: DayRollup; digest: string } {
  const start = startOf(day) / 1000;
  const own = hours.filter(({ hour }) => hour.startsWith(day));
  const sources = hours.filter((one) => one.hour.startsWith(day) || reaches(one, start));
  const [peakConcurrent = 0] = peaksOf(edgesOf(sources), [[start, start + DAY_MS / 1000]]);
  const digest = createHash('sha256')
    .update(sources.map(({ hour, digest: source }) => `${hour} ${source}\n`).join(''))
    .digest('base64url');
  return { rollup: { ...combine(own.map(({ rollup }) => rollup)), peakConcurrent }, digest };
}
