import { DAY_MS, type Day, type Hour, dayOf, startOf } from './calendar';
import {
  type Clock,
  type DirtyHour,
  type HourMarks,
  type Observer,
  type RollupStore,
  type SessionStore,
  type VideoStore,
} from './ports';
import { dayOfHours } from './rollup/combine';
import { HourBuilder } from './rollup/hour';
import { type HourRollup } from './rollup/rollup';

export interface RollUpParts {
  readonly sessions: SessionStore;
  readonly marks: HourMarks;
  readonly rollups: RollupStore;
  readonly videos: VideoStore;
  readonly clock: Clock;
  readonly observe: Observer;
  /** Milliseconds that sessions are kept. */
  readonly sessionLifeMs: number;
}

/** `clean`: nothing is left to do. `again`: the hour changed meanwhile. */
export type RollUp = (dirty: DirtyHour) => Promise<'clean' | 'again'>;

/** The last hour of the day before, and so on: all that can matter to a day. */
const hoursFor = (day: Day): { from: Hour; to: Hour } => ({
  from: `${dayOf(startOf(day) - DAY_MS)}00`,
  to: `${day}23`,
});

/** The days on which sessions of an hour were present. */
function daysOf(hour: Hour, { edges }: HourRollup): Day[] {
  const start = startOf(hour);
  const last = start + Math.max(0, (edges.at(-1)?.[0] ?? 0) - 1) * 1000;
  const days = [];
  for (let at = startOf(dayOf(start)); at <= last || days.length === 0; at += DAY_MS) days.push(dayOf(at));
  return days;
}

/**
 * Computes the rollup of a marked hour from its sessions and puts it in place of the old one, then the days it is part of. Safe to run at
 * any time, anywhere, twice at once: the version is read before the sessions, so of two that write, the one that read later wins or
 * neither is outdated; the mark is taken away only if nothing was marked since it was read.
 */
export function createRollUp({ sessions, marks, rollups, videos, clock, observe, sessionLifeMs }: RollUpParts): RollUp {
  const rollHour = async ({ videoId, hour }: DirtyHour): Promise<HourRollup | undefined> => {
    const before = await rollups.hours.get(videoId, hour);
    const duration = await videos.duration(videoId);
    const builder = new HourBuilder(hour, duration?.durationMs ?? null);
    for await (const session of sessions.ofHour(videoId, hour)) builder.add(session);
    const { rollup, digest } = builder.build();
    if (before?.digest === digest) return rollup;
    const version = before?.version ?? 0;
    const next = { period: hour, rollup, digest, version: version + 1, computedAt: clock() };
    return (await rollups.hours.replace(videoId, next, version)) ? rollup : undefined;
  };

  const rollDay = async (videoId: string, day: Day): Promise<boolean> => {
    const before = await rollups.days.get(videoId, day);
    const { from, to } = hoursFor(day);
    const hours = await rollups.hours.range(videoId, from, to);
    const { rollup, digest } = dayOfHours(
      day,
      hours.map((one) => ({ hour: one.period, ...one })),
    );
    if (before?.digest === digest) return true;
    const version = before?.version ?? 0;
    const next = { period: day, rollup, digest, version: version + 1, computedAt: clock() };
    return rollups.days.replace(videoId, next, version);
  };

  const timed = async <T>(level: 'hour' | 'day', work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    try {
      return await work();
    } finally {
      observe.rollup(level, (performance.now() - start) / 1000);
    }
  };

  return async (dirty) => {
    const { videoId, hour } = dirty;
    const mark = await marks.read(dirty);
    if (mark === undefined) return 'clean';
    // Some sessions of so old an hour may have expired: what was computed from all of them stays.
    if (startOf(hour) < clock() - sessionLifeMs + DAY_MS) return (await marks.clear(dirty, mark)) ? 'clean' : 'again';
    const rollup = await timed('hour', () => rollHour(dirty));
    if (!rollup) return 'again';
    for (const day of daysOf(hour, rollup)) if (!(await timed('day', () => rollDay(videoId, day)))) return 'again';
    if (await videos.isGone(videoId)) {
      await videos.purge(videoId);
      return 'clean';
    }
    return (await marks.clear(dirty, mark)) ? 'clean' : 'again';
  };
}
