import { type BeaconInput, type Dimensions } from '@kinora/contracts-analytics';

/** Playback grid of runs: 0.1 s. */
const grid = (seconds: number) => Math.round(seconds * 10) / 10;
const MAX_RUNS = 128;
const MAX_ERRORS = 50;

export type Phase = 'idle' | 'starting' | 'playing' | 'rebuffering' | 'seeking' | 'paused' | 'ended' | 'failed';

/** All totals of one session, in milliseconds of a monotonic clock and seconds of media. */
export interface Session {
  readonly phase: Phase;
  /** When the totals were last brought up to date. */
  readonly at: number;
  readonly position: number;
  readonly duration: number | undefined;
  readonly intentAt: number | undefined;
  readonly startup: number | undefined;
  readonly playing: number;
  readonly stall: number;
  readonly stalls: number;
  readonly seek: number;
  readonly seeks: number;
  readonly pause: number;
  readonly frames: { decoded: number; dropped: number } | undefined;
  readonly rung: { id: string; bitrate: number } | undefined;
  readonly rungs: Readonly<Record<string, number>>;
  readonly switches: { up: number; down: number };
  /** How far the picture is enlarged beyond its rendition right now: 0.5 means half as wide again. */
  readonly enlarged: number;
  readonly upscale: { sum: number; max: number };
  readonly errors: readonly { id: string; code: string; fatal: boolean; mono: number }[];
  readonly runs: readonly (readonly [number, number])[];
  readonly overflow: Readonly<Record<string, number>>;
  /** The run that goes on, or undefined between runs. */
  readonly open: readonly [number, number] | undefined;
}

/** What happened. `at` is milliseconds since the session began; `position` is the playhead in seconds. */
export type SessionEvent = { readonly at: number; readonly position?: number } & (
  | { readonly type: 'intent' | 'playing' | 'waiting' | 'paused' | 'ended' | 'tick' }
  /** `position` is where the playhead was before the jump. */
  | { readonly type: 'seeking' }
  | { readonly type: 'seeked'; readonly paused: boolean; readonly ready: boolean }
  | { readonly type: 'rung'; readonly id: string; readonly bitrate: number }
  | { readonly type: 'frames'; readonly decoded: number; readonly dropped: number }
  | { readonly type: 'size'; readonly enlarged: number }
  | { readonly type: 'duration'; readonly seconds: number }
  | { readonly type: 'error'; readonly code: string; readonly fatal: boolean }
);

export const newSession = (): Session => ({
  phase: 'idle',
  at: 0,
  position: 0,
  duration: undefined,
  intentAt: undefined,
  startup: undefined,
  playing: 0,
  stall: 0,
  stalls: 0,
  seek: 0,
  seeks: 0,
  pause: 0,
  frames: undefined,
  rung: undefined,
  rungs: {},
  switches: { up: 0, down: 0 },
  enlarged: 0,
  upscale: { sum: 0, max: 0 },
  errors: [],
  runs: [],
  overflow: {},
  open: undefined,
});

/** Gives the time since the last event to the phase that it was spent in, and stretches the open run to the playhead. */
function account(s: Session, { at, position = s.position }: { at: number; position?: number }): Session {
  const ms = Math.max(0, at - s.at);
  const moved = { ...s, at: Math.max(s.at, at), position };
  switch (s.phase) {
    case 'playing': {
      const open = s.open && ([s.open[0], Math.max(s.open[1], position)] as const);
      const upscale = { sum: s.upscale.sum + ms * s.enlarged, max: Math.max(s.upscale.max, ms > 0 ? s.enlarged : 0) };
      const rungs = s.rung ? { ...s.rungs, [s.rung.id]: (s.rungs[s.rung.id] ?? 0) + ms } : s.rungs;
      return { ...moved, playing: s.playing + ms, open, rungs, upscale };
    }
    case 'rebuffering':
      return { ...moved, stall: s.stall + ms };
    case 'seeking':
      return { ...moved, seek: s.seek + ms };
    case 'paused':
      return { ...moved, pause: s.pause + ms };
    default:
      return moved;
  }
}

/** Ends the open run. Runs after the 128th are kept as counts of the hundredths of the video that they touch. */
function close(s: Session): Session {
  if (!s.open) return s;
  const run = [grid(s.open[0]), grid(s.open[1])] as const;
  const closed = { ...s, open: undefined };
  if (run[1] <= run[0]) return closed;
  if (s.runs.length < MAX_RUNS) return { ...closed, runs: [...s.runs, run] };
  return { ...closed, overflow: spill(s, run) };
}

function spill(s: Session, [from, to]: readonly [number, number]): Record<string, number> {
  const overflow = { ...s.overflow };
  if (!s.duration) return overflow;
  const width = s.duration / 100;
  for (let k = Math.floor(from / width); k <= Math.min(99, Math.ceil(to / width) - 1); k += 1) {
    overflow[k] = (overflow[k] ?? 0) + 1;
  }
  return overflow;
}

const begin = (s: Session): Session => ({ ...s, phase: 'playing', open: s.open ?? [s.position, s.position] });

/** The next session after an event. Pure; totals never shrink, whatever order events come in. */
export function reduce(before: Session, event: SessionEvent): Session {
  const s = account(before, event.type === 'seeked' ? { at: event.at } : event);
  switch (event.type) {
    case 'intent':
      if (s.phase === 'idle') return { ...s, phase: 'starting', intentAt: s.at };
      // Pressing play again after the end or a pause: what counts is when frames move, which 'playing' tells.
      return s;
    case 'playing': {
      if (s.phase === 'playing') return s;
      const intentAt = s.intentAt ?? s.at;
      return begin({ ...s, intentAt, startup: s.startup ?? s.at - intentAt });
    }
    case 'waiting':
      return s.phase === 'playing' ? { ...close(s), phase: 'rebuffering', stalls: s.stalls + 1 } : s;
    case 'paused':
      return s.phase === 'playing' || s.phase === 'rebuffering' ? { ...close(s), phase: 'paused' } : s;
    case 'ended':
      return { ...close(s), phase: 'ended' };
    case 'seeking':
      if (s.phase === 'idle' || s.phase === 'starting') return s;
      return { ...close(s), phase: 'seeking', seeks: s.phase === 'seeking' ? s.seeks : s.seeks + 1 };
    case 'seeked': {
      const position = event.position ?? s.position;
      // A jump that nobody announced: what lies between was not watched.
      if (s.phase === 'playing') return begin({ ...close(s), position });
      const there = { ...s, position };
      if (s.phase !== 'seeking') return there;
      if (event.paused) return { ...there, phase: 'paused' };
      return event.ready ? begin(there) : there; // otherwise the wait belongs to the seek until 'playing'
    }
    case 'rung': {
      if (s.rung?.id === event.id) return s;
      const up = s.rung && event.bitrate > s.rung.bitrate ? 1 : 0;
      const down = s.rung && event.bitrate < s.rung.bitrate ? 1 : 0;
      return {
        ...s,
        rung: { id: event.id, bitrate: event.bitrate },
        switches: { up: s.switches.up + up, down: s.switches.down + down },
      };
    }
    case 'frames':
      return {
        ...s,
        frames: {
          decoded: Math.max(s.frames?.decoded ?? 0, event.decoded),
          dropped: Math.max(s.frames?.dropped ?? 0, event.dropped),
        },
      };
    case 'size':
      return { ...s, enlarged: Math.max(0, event.enlarged) };
    case 'duration':
      return event.seconds > 0 && Number.isFinite(event.seconds) ? { ...s, duration: event.seconds } : s;
    case 'error': {
      const failed = event.fatal ? ({ ...close(s), phase: 'failed' } as const) : s;
      if (s.errors.length >= MAX_ERRORS) return failed;
      return {
        ...failed,
        errors: [
          ...s.errors,
          { id: String(s.errors.length), code: event.code.slice(0, 60), fatal: event.fatal, mono: Math.round(s.at) },
        ],
      };
    }
    case 'tick':
      return s;
  }
}

export interface Stamp {
  readonly sn: number;
  readonly ts: number;
  readonly mono: number;
  readonly quit?: boolean;
  readonly dimensions?: Dimensions;
}

/** The session as it goes over the wire: everything so far, so that any later snapshot replaces this one. */
export function snapshot(session: Session, { sn, ts, mono, quit, dimensions }: Stamp): BeaconInput {
  const s = account(session, { at: mono });
  const runs =
    s.open && s.runs.length < MAX_RUNS && grid(s.open[1]) > grid(s.open[0])
      ? [...s.runs, [grid(s.open[0]), grid(s.open[1])] as const]
      : s.runs;
  const rungs = Object.entries(s.rungs).map(([id, ms]) => [id, Math.round(ms)]);
  const state = s.phase === 'idle' ? 'paused' : s.phase;
  return {
    sn,
    ts,
    mono: Math.round(s.at),
    state: quit && state !== 'failed' && state !== 'ended' ? 'quit' : state,
    position: Math.max(0, grid(s.position)),
    attempted: s.intentAt !== undefined,
    ...(s.startup !== undefined && { startup: Math.round(s.startup) }),
    playing: Math.round(s.playing),
    stall: Math.round(s.stall),
    stalls: s.stalls,
    seek: Math.round(s.seek),
    seeks: s.seeks,
    pause: Math.round(s.pause),
    ...(s.frames && { frames: s.frames }),
    rungs: Object.fromEntries(rungs) as Record<string, number>,
    switches: s.switches,
    upscale: { sum: Math.round(s.upscale.sum), max: Math.round(s.upscale.max * 1000) / 1000 },
    errors: [...s.errors],
    runs: Object.fromEntries(runs.map(([from, to], k) => [k, [from, to]])),
    overflow: s.overflow,
    ...(dimensions && { dimensions }),
  };
}
