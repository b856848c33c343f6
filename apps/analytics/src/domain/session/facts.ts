import { type Beacon } from '@kinora/contracts-analytics';
import { mergeFacts } from './merge';
import { type Facts, type Run } from './session';

const ms = Math.round;
const tenths = (seconds: number): number => Math.round(seconds * 10);

/** One beacon as facts of its session. A beacon is a session of which nothing else is known. */
export function factsOf(beacon: Beacon): Facts {
  const facts: Facts = {
    newest: { sn: beacon.sn, mono: ms(beacon.mono), state: beacon.state, position: tenths(beacon.position) },
    dimensions: beacon.dimensions ? { sn: beacon.sn, value: beacon.dimensions } : null,
    mono: ms(beacon.mono),
    active: ms(beacon.active ?? (beacon.startup ?? 0) + beacon.playing + beacon.stall + beacon.seek),
    attempted: beacon.attempted || beacon.startup !== undefined,
    startup: beacon.startup === undefined ? null : ms(beacon.startup),
    playing: ms(beacon.playing),
    stall: ms(beacon.stall),
    stalls: beacon.stalls,
    seek: ms(beacon.seek),
    seeks: beacon.seeks,
    pause: ms(beacon.pause),
    framesDecoded: beacon.frames?.decoded ?? 0,
    framesDropped: beacon.frames?.dropped ?? 0,
    switchesUp: beacon.switches.up,
    switchesDown: beacon.switches.down,
    upscaleSum: ms(beacon.upscale?.sum ?? 0),
    upscaleMax: beacon.upscale?.max ?? 0,
    rungs: Object.fromEntries(Object.entries(beacon.rungs).map(([rung, played]) => [rung, ms(played)])),
    errors: beacon.errors.map((error) => ({ ...error, mono: ms(error.mono) })),
    runs: Object.fromEntries(
      Object.entries(beacon.runs).map(([k, [from, to]]): [string, Run] => [k, [tenths(from), tenths(to)]]),
    ),
    overflow: beacon.overflow,
  };
  // Brings errors and keys into the order of a merged session.
  return mergeFacts(facts, facts);
}
