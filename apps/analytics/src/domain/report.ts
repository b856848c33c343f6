import { type VideoAnalytics } from '@kinora/contracts-analytics';
import { DomainError } from '@kinora/contracts-common';
import { DAY_MS, HOUR_MS, ceilTo, dayOf, floorTo, hourOf } from './calendar';
import { type Clock, type RollupStore } from './ports';
import { combine, edgesOf } from './rollup/combine';
import { peaksOf } from './rollup/concurrency';
import { metricsOf, uniqueOf } from './rollup/metrics';
import { countsOf } from './rollup/retention';
import { type Rollup, emptyRollup } from './rollup/rollup';

type Interval = 'hour' | 'day';

export interface Period {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly interval?: Interval | undefined;
}

const stepOf = { hour: HOUR_MS, day: DAY_MS } as const;
const longest = { hour: 31 * DAY_MS, day: 400 * DAY_MS } as const;

const invalid = (message: string) => new DomainError('invalid', 'analytics.range_invalid', message);

/** Whole hours or days around what was asked for; by hours up to two days, unless told. */
export function rangeOf(
  { from, to, interval }: Period,
  now: number,
): { start: number; end: number; interval: Interval } {
  const until = to === undefined ? now : Date.parse(to);
  const since = from === undefined ? until - 30 * DAY_MS : Date.parse(from);
  if (since >= until) throw invalid('`from` must be before `to`.');
  const by = interval ?? (until - since <= 2 * DAY_MS ? 'hour' : 'day');
  const start = floorTo(stepOf[by], since);
  const end = ceilTo(stepOf[by], until);
  if (end - start > longest[by] + stepOf[by])
    throw invalid(`At most ${longest[by] / DAY_MS} days can be shown by the ${by}.`);
  return { start, end, interval: by };
}

interface Step {
  readonly rollup: Rollup;
  readonly peakConcurrent: number;
}

interface Read {
  /** By the time at which each begins. */
  readonly steps: ReadonlyMap<number, Step>;
  readonly updatedAt: number;
}

const newest = (stored: readonly { computedAt: number }[]): number =>
  Math.max(0, ...stored.map(({ computedAt }) => computedAt));

const stepsBetween = (start: number, end: number, step: number): number[] =>
  Array.from({ length: Math.round((end - start) / step) }, (_, i) => start + i * step);

async function readHours(rollups: RollupStore, videoId: string, start: number, end: number): Promise<Read> {
  // A day more in front: sessions that began then may still be there.
  const stored = await rollups.hours.range(videoId, hourOf(start - DAY_MS), hourOf(end - 1));
  const begins = stepsBetween(start, end, HOUR_MS);
  const peaks = peaksOf(
    edgesOf(stored.map((one) => ({ hour: one.period, ...one }))),
    begins.map((begin) => [begin / 1000, (begin + HOUR_MS) / 1000]),
  );
  const byHour = new Map(stored.map((one) => [one.period, one.rollup]));
  const steps = begins.map((begin, i): [number, Step] => [
    begin,
    { rollup: byHour.get(hourOf(begin)) ?? emptyRollup, peakConcurrent: peaks[i] ?? 0 },
  ]);
  return { steps: new Map(steps), updatedAt: newest(stored.filter(({ period }) => period >= hourOf(start))) };
}

async function readDays(rollups: RollupStore, videoId: string, start: number, end: number): Promise<Read> {
  const stored = await rollups.days.range(videoId, dayOf(start), dayOf(end - 1));
  const byDay = new Map(stored.map((one) => [one.period, one.rollup]));
  const steps = stepsBetween(start, end, DAY_MS).map((begin): [number, Step] => {
    const rollup = byDay.get(dayOf(begin));
    return [begin, { rollup: rollup ?? emptyRollup, peakConcurrent: rollup?.peakConcurrent ?? 0 }];
  });
  return { steps: new Map(steps), updatedAt: newest(stored) };
}

const iso = (ms: number): string => new Date(ms).toISOString();

function pointOf(begin: number, { rollup, peakConcurrent }: Step): VideoAnalytics['series'][number] {
  const { attempts, plays, views, uniqueViewers, watchMs, playingMs, errors } = metricsOf(rollup, peakConcurrent);
  return { start: iso(begin), attempts, plays, views, uniqueViewers, watchMs, playingMs, errors, peakConcurrent };
}

/** The numbers of a video in a period, from its rollups alone. */
export const createReport =
  ({ rollups, clock }: { rollups: RollupStore; clock: Clock }) =>
  async (videoId: string, period: Period): Promise<VideoAnalytics> => {
    const { start, end, interval } = rangeOf(period, clock());
    const read = interval === 'hour' ? readHours : readDays;
    const { steps, updatedAt } = await read(rollups, videoId, start, end);
    const whole = combine([...steps.values()].map(({ rollup }) => rollup));
    const peak = Math.max(0, ...[...steps.values()].map(({ peakConcurrent }) => peakConcurrent));
    return {
      videoId,
      from: iso(start),
      to: iso(end),
      interval,
      uniqueViewersMethod: 'account-or-device',
      uniqueViewersExact: uniqueOf(whole).exact,
      updatedAt: updatedAt === 0 ? null : iso(updatedAt),
      totals: metricsOf(whole, peak),
      series: [...steps].map(([begin, step]) => pointOf(begin, step)),
      retention: {
        bucketMs: whole.retention.bucketMs,
        sessions: countsOf(whole.retention.sessions),
        plays: countsOf(whole.retention.plays),
      },
      devices: { ...whole.devices },
      browsers: { ...whole.browsers },
    };
  };
