import { type Beacon } from '@kinora/contracts-analytics';

export interface Limits {
  /** Milliseconds since the epoch at which the session began, by the server's clock. */
  readonly begin: number;
  readonly now: number;
  /** Duration of the video in milliseconds; null while it is unknown. */
  readonly durationMs: number | null;
}

/** Why a beacon is refused: the label of the counter. */
export type Violation = 'clock' | 'time' | 'position' | 'counts' | 'rungs' | 'runs' | 'coverage';

/** Forgiven between the clocks of two machines, and between a measure and its report. */
const SLACK_MS = 60_000;
/** The fastest playback that browsers offer. */
const MAX_RATE = 16;
const MAX_RUNGS = 40;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Containers and players disagree a little on where a video ends. */
const endOf = (durationMs: number | null): number =>
  durationMs === null ? Infinity : (durationMs + Math.max(5_000, durationMs * 0.02)) / 1000;

function clock(beacon: Beacon, spanMs: number): boolean {
  return (
    Math.max(beacon.mono, beacon.active ?? 0, beacon.startup ?? 0, ...beacon.errors.map((error) => error.mono)) <=
    spanMs
  );
}

function counts(beacon: Beacon, spanMs: number): boolean {
  const minutes = spanMs / 60_000;
  return (
    beacon.stalls <= 60 * minutes &&
    beacon.seeks <= 240 * minutes &&
    beacon.switches.up <= 120 * minutes &&
    beacon.switches.down <= 120 * minutes &&
    Math.max(beacon.frames?.decoded ?? 0, beacon.frames?.dropped ?? 0) <= 0.3 * spanMs &&
    (beacon.upscale?.sum ?? 0) <= 100 * spanMs
  );
}

function rungs(beacon: Beacon, spanMs: number): boolean {
  const played = Object.entries(beacon.rungs);
  const of = (kind: string) => sum(played.filter(([id]) => id.startsWith(kind)).map(([, value]) => value));
  return played.length <= MAX_RUNGS && of('v') <= spanMs && of('a') <= spanMs;
}

function runs(beacon: Beacon, end: number): boolean {
  return Object.entries(beacon.runs).every(
    ([k, [from, to]]) => /^(0|[1-9]\d*)$/.test(k) && Number(k) < 128 && from <= to && to <= end && to <= 1e6,
  );
}

/** Nobody can have seen more of a video than the time spent playing it allows. */
function coverage(beacon: Beacon, durationMs: number | null): boolean {
  const seconds =
    sum(Object.values(beacon.runs).map(([from, to]) => to - from)) +
    (sum(Object.values(beacon.overflow)) * (durationMs ?? 0)) / 100_000;
  return seconds <= (MAX_RATE * (beacon.playing + 10_000)) / 1000;
}

/**
 * The first bound that a beacon oversteps: times against the server's clock since the session began, positions against the duration, counts
 * against what a person and a player can do in that time. Undefined when it could be true.
 */
export function violationOf(beacon: Beacon, { begin, now, durationMs }: Limits): Violation | undefined {
  const spanMs = Math.max(0, now - begin) + SLACK_MS;
  const end = endOf(durationMs);
  if (!clock(beacon, spanMs)) return 'clock';
  if (beacon.playing + beacon.stall + beacon.seek + beacon.pause > spanMs) return 'time';
  if (beacon.position > end) return 'position';
  if (!counts(beacon, spanMs)) return 'counts';
  if (!rungs(beacon, spanMs)) return 'rungs';
  if (!runs(beacon, end)) return 'runs';
  if (!coverage(beacon, durationMs)) return 'coverage';
  return undefined;
}
