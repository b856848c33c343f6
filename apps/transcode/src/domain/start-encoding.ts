import { type EncodingPlan, type Probe, acceptSource, isDetailed, planBeginning, planEncoding } from '@kinora/media';
import { type Engine, type EngineRules, chooseEngine } from './engine';
import { type Failure, type Work, isWorking } from './encoding';
import { type Clock, type EncodeJobs, type Encodings, type Journal, type SourceProber } from './ports';
import { type DispatchDeps, dispatchEncoding } from './dispatch-encoding';
import { type PlanningDeps } from './plan-rest';
import { accept, begin } from './transitions';
import { type EndDeps, failEncoding } from './fail-encoding';

export interface StartDeps extends EndDeps, DispatchDeps, PlanningDeps {
  readonly encodings: Encodings;
  readonly jobs: EncodeJobs;
  readonly prober: SourceProber;
  readonly journal: Journal;
  readonly now: Clock;
  readonly engines: EngineRules;
}

type Planned = { readonly work: Work } | { readonly refusal: Failure };

const dayOf = (at: Date): Date => new Date(at.toISOString().slice(0, 10));

async function engineFor(deps: StartDeps, probe: Probe, plan: EncodingPlan): Promise<Engine> {
  const { engines } = deps;
  const minutesToday =
    engines.dailyMinutes === undefined ? 0 : await deps.encodings.minutesSince('mediaconvert', dayOf(deps.now()));
  const queue = engines.mode === 'policy' ? await deps.jobs.waiting() : { waiting: 0, waitedSeconds: 0 };
  return chooseEngine({ probe, plan, minutesToday, queue }, engines);
}

const examine = async (deps: StartDeps, sourceKey: string, signal?: AbortSignal): Promise<Planned> => {
  const examined = await deps.prober.examine(sourceKey, signal);
  if (!examined.ok) return { refusal: examined.refusal };
  const { probe } = examined;
  const accepted = acceptSource(probe);
  if (!accepted.ok) return { refusal: accepted.refusal };
  const whole = planEncoding(probe);
  const engine = await engineFor(deps, probe, whole);
  // The service divides the work by itself.
  const plan = engine.name === 'mediaconvert' ? whole : planBeginning(whole);
  if (engine.name !== 'mediaconvert' && isDetailed(plan)) {
    // Too short for a beginning: what is wrong with it is found before anything is encoded.
    const scanned = await deps.scanner.scan(sourceKey, plan, signal);
    if (!scanned.ok) return { refusal: scanned.refusal };
  }
  const { displayWidth: width, displayHeight: height } = accepted.video;
  return {
    work: {
      plan,
      engine,
      width: Math.max(1, width),
      height: Math.max(1, height),
      durationMs: probe.durationMs ?? 0,
      startedAt: deps.now(),
    },
  };
};

/** Probe the source, refuse it or plan its beginning, and hand that out. Safe to run again at any point. */
export const startEncoding =
  (deps: StartDeps) =>
  async (id: string, signal?: AbortSignal): Promise<boolean> => {
    const begun = await deps.encodings.change(id, begin);
    if (!begun) return false;
    let { encoding } = begun;
    if (encoding.state === 'probing') {
      const planned = await examine(deps, encoding.sourceKey, signal);
      if ('refusal' in planned) {
        await failEncoding(deps, id, planned.refusal);
        return false;
      }
      const accepted = await deps.encodings.change(id, (e) => accept(e, planned.work));
      if (!accepted) return false;
      encoding = accepted.encoding;
      if (accepted.changed) deps.journal.accepted(encoding, planned.work);
    }
    if (!isWorking(encoding)) return false;
    await dispatchEncoding(deps, encoding);
    return true;
  };
