import { canonical } from '../canonical';
import { type Facts, type Run, type Session, type SessionError } from './session';

/** Most that a session keeps of what a forger could make many of. */
const MAX_KEYS = 64;
const MAX_ERRORS = 100;
const MAX_RUNS = 128;

type Table<T> = Readonly<Record<string, T>>;

/**
 * Joins two tables key by key and keeps the `limit` smallest keys. Which those are does not depend on the order of merging: a key left out
 * of a part has `limit` smaller ones beside it, and so it has in the whole.
 */
function join<T>(a: Table<T>, b: Table<T>, both: (x: T, y: T) => T, limit: number): Table<T> {
  const joined = new Map(Object.entries(a));
  for (const [key, value] of Object.entries(b)) {
    const known = joined.get(key);
    joined.set(key, known === undefined ? value : both(known, value));
  }
  return Object.fromEntries([...joined].sort(([x], [y]) => (x < y ? -1 : 1)).slice(0, limit));
}

const wider = (a: Run, b: Run): Run => [Math.min(a[0], b[0]), Math.max(a[1], b[1])];

/** A total order, so that equal sequence numbers (two players with one token) can't make the order of arrival matter. */
const first = <T>(a: T, b: T, rank: (one: T) => number): T => {
  const difference = rank(a) - rank(b);
  if (difference !== 0) return difference < 0 ? a : b;
  return canonical(a) <= canonical(b) ? a : b;
};

function union(a: readonly SessionError[], b: readonly SessionError[]): readonly SessionError[] {
  const byId = new Map<string, SessionError>();
  for (const error of [...a, ...b]) {
    const known = byId.get(error.id);
    byId.set(error.id, known ? first(known, error, (one) => one.mono) : error);
  }
  return [...byId.values()].sort((x, y) => x.mono - y.mono || (x.id < y.id ? -1 : 1)).slice(0, MAX_ERRORS);
}

const least = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.min(a, b));

/**
 * What two sets of beacons say together: totals by maximum, first times by minimum, runs by (least begin, greatest end), tables key by key,
 * errors by union, state and position from the highest sequence number, dimensions from the lowest. Commutative, associative and
 * idempotent, so neither order nor repetition of beacons can show; and as every beacon contains those before it, nor can their loss.
 */
export function mergeFacts(a: Facts, b: Facts): Facts {
  const most = (pick: (facts: Facts) => number): number => Math.max(pick(a), pick(b));
  return {
    newest: first(a.newest, b.newest, (one) => -one.sn),
    dimensions:
      a.dimensions && b.dimensions
        ? first(a.dimensions, b.dimensions, (one) => one.sn)
        : (a.dimensions ?? b.dimensions),
    mono: most((f) => f.mono),
    active: most((f) => f.active),
    attempted: a.attempted || b.attempted,
    startup: least(a.startup, b.startup),
    playing: most((f) => f.playing),
    stall: most((f) => f.stall),
    stalls: most((f) => f.stalls),
    seek: most((f) => f.seek),
    seeks: most((f) => f.seeks),
    pause: most((f) => f.pause),
    framesDecoded: most((f) => f.framesDecoded),
    framesDropped: most((f) => f.framesDropped),
    switchesUp: most((f) => f.switchesUp),
    switchesDown: most((f) => f.switchesDown),
    upscaleSum: most((f) => f.upscaleSum),
    upscaleMax: most((f) => f.upscaleMax),
    rungs: join(a.rungs, b.rungs, Math.max, MAX_KEYS),
    errors: union(a.errors, b.errors),
    runs: join(a.runs, b.runs, wider, MAX_RUNS),
    overflow: join(a.overflow, b.overflow, Math.max, 100),
  };
}

/** Two records of one session. The viewer is who the first token named; a renewed grant names the same one. */
export const mergeSessions = (a: Session, b: Session): Session => ({
  key: a.key,
  begin: a.begin,
  viewer: a.viewer === null || (b.viewer !== null && b.viewer < a.viewer) ? b.viewer : a.viewer,
  facts: mergeFacts(a.facts, b.facts),
  skew: Math.min(a.skew, b.skew),
});
