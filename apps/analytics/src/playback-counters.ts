import { Counter, Histogram, type Registry } from '@kinora/service';
import { type Observer } from './domain/ports';
import { type Facts } from './domain/session/session';

const STARTUP_SECONDS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];

type Stage = 'attempted' | 'started' | 'failed_start' | 'failed_playing';
const STAGES: readonly Stage[] = ['attempted', 'started', 'failed_start', 'failed_playing'];

/** The stages that a session has passed. A session fails once: where it first did. */
function stagesOf(facts: Facts | undefined): ReadonlySet<Stage> {
  const stages = new Set<Stage>();
  if (facts?.attempted) stages.add('attempted');
  if (facts && facts.startup !== null) stages.add('started');
  if (facts?.errors.some((error) => error.fatal))
    stages.add(facts.startup === null ? 'failed_start' : 'failed_playing');
  return stages;
}
const failed = (stages: ReadonlySet<Stage>): boolean => stages.has('failed_start') || stages.has('failed_playing');

/** Those that are new. Who failed to start and tried again may play: that is no second failure. */
function newStages(before: Facts | undefined, after: Facts): Stage[] {
  const [known, now] = [stagesOf(before), stagesOf(after)];
  return [...now].filter((stage) => !known.has(stage) && !(stage.startsWith('failed') && failed(known)));
}

/**
 * Quality of playback as viewers had it, over all videos: what each written session adds to what was known of it. Late by as long as reports lie in
 * the journal. Labels have few values: what players send is not one.
 */
export function createPlaybackCounters(registers: Registry[]): Observer['session'] {
  const sessions = new Counter({
    name: 'playback_sessions_total',
    help: 'Sessions by the stages that they have passed',
    labelNames: ['stage'],
    registers,
  });
  for (const stage of STAGES) sessions.inc({ stage }, 0);
  const startup = new Histogram({
    name: 'playback_startup_seconds',
    help: 'From the wish to play to the first frame',
    buckets: STARTUP_SECONDS,
    registers,
  });
  const seconds = new Counter({
    name: 'playback_seconds_total',
    help: 'Time of viewers by what they saw: the picture moving, or a stall',
    labelNames: ['state'],
    registers,
  });
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const stalls = counter('playback_stalls_total', 'Stalls');
  const errors = new Counter({
    name: 'playback_errors_total',
    help: 'Errors that players reported',
    labelNames: ['fatal'],
    registers,
  });
  const switches = new Counter({
    name: 'playback_switches_total',
    help: 'Changes of rendition',
    labelNames: ['direction'],
    registers,
  });
  const frames = new Counter({
    name: 'playback_frames_total',
    help: 'Frames that players decoded, and dropped of those',
    labelNames: ['fate'],
    registers,
  });

  return (before, after) => {
    for (const stage of newStages(before, after)) sessions.inc({ stage });
    if (after.startup !== null && (before?.startup ?? null) === null) startup.observe(after.startup / 1000);
    /** Merging takes the greater of two totals, so nothing is ever taken back. */
    const added = (pick: (facts: Facts) => number): number => pick(after) - (before ? pick(before) : 0);
    seconds.inc({ state: 'playing' }, added((facts) => facts.playing) / 1000);
    seconds.inc({ state: 'stalled' }, added((facts) => facts.stall) / 1000);
    stalls.inc(added((facts) => facts.stalls));
    const ofErrors = (fatal: boolean) => (facts: Facts) => facts.errors.filter((one) => one.fatal === fatal).length;
    // Of many errors the earliest are kept: a late report may push one out.
    errors.inc({ fatal: 'yes' }, Math.max(0, added(ofErrors(true))));
    errors.inc({ fatal: 'no' }, Math.max(0, added(ofErrors(false))));
    switches.inc(
      { direction: 'up' },
      added((facts) => facts.switchesUp),
    );
    switches.inc(
      { direction: 'down' },
      added((facts) => facts.switchesDown),
    );
    frames.inc(
      { fate: 'decoded' },
      added((facts) => facts.framesDecoded),
    );
    frames.inc(
      { fate: 'dropped' },
      added((facts) => facts.framesDropped),
    );
  };
}
