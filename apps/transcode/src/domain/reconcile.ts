import { type DispatchDeps, dispatchEncoding } from './dispatch-encoding';
import { type InWork, type Playable, isWorking } from './encoding';
import { type EndDeps, failEncoding } from './fail-encoding';
import { INTERNAL, STALLED, tellable } from './failures';
import { type Active, type JobOutcome, type Outcomes, type Sweeps } from './ports';
import { redispatch } from './transitions';

export interface ReconcileDeps extends EndDeps, DispatchDeps {
  readonly sweeps: Sweeps;
  /** Between two comparisons. What has gained something for less long is at work. */
  readonly intervalMs: number;
  /** Without progress for so long, and with no job that could make any, an encoding has stalled. */
  readonly stallMs: number;
  /** Our own jobs that failed through no fault of the source are added again for so long after the last progress. */
  readonly patienceMs: number;
}

const quietMs = (deps: ReconcileDeps, { progressedAt }: Active): number =>
  deps.now().getTime() - progressedAt.getTime();

/** A job of ours has failed for good. What the source is to blame for ends the encoding; an outage is waited out. */
async function again(
  deps: ReconcileDeps,
  active: Active,
  outcome: Extract<JobOutcome, { state: 'failed' }>,
  addAnew: () => Promise<void>,
): Promise<void> {
  const { encoding } = active;
  const { fence } = encoding;
  if (outcome.failure && tellable(outcome.failure) !== INTERNAL) {
    await failEncoding(deps, encoding.id, outcome.failure, { fence, reason: outcome.reason });
  } else if (quietMs(deps, active) > deps.patienceMs) {
    await failEncoding(deps, encoding.id, INTERNAL, { fence, reason: outcome.reason });
  } else {
    await addAnew();
    deps.journal.recovered(encoding, 'failed job added again');
  }
}

async function reviveStart(deps: ReconcileDeps, active: Active): Promise<void> {
  const { encoding } = active;
  const outcome = await deps.jobs.startOutcome(encoding.id);
  if (outcome.state === 'pending' || outcome.state === 'blocked') return;
  const anew = () => deps.jobs.start(encoding, true);
  if (outcome.state === 'failed') return again(deps, active, outcome, anew);
  await anew();
  deps.journal.recovered(encoding, 'start added');
}

const alive = (outcomes: Outcomes): boolean =>
  [...outcomes.chunks, ...outcomes.audio, outcomes.poster, outcomes.storyboard].some((one) => one.state === 'pending');

async function reviveWork(deps: ReconcileDeps, active: Active, encoding: InWork | Playable): Promise<void> {
  const { id, fence } = encoding;
  const finish = await deps.jobs.finishOutcome(encoding, fence);
  if (finish.state === 'absent') {
    // Never added: the same once more. Added and lost: other names, and a fence against what may still run.
    const now =
      encoding.dispatchedAt === undefined ? undefined : await deps.encodings.change(id, (e) => redispatch(e, fence));
    const current = now?.encoding ?? encoding;
    if (!isWorking(current)) return;
    await dispatchEncoding(deps, current);
    deps.journal.recovered(encoding, 'jobs added');
  } else if (finish.state === 'failed') {
    await again(deps, active, finish, () => deps.jobs.finishAnew(encoding, fence));
  } else if (finish.state === 'completed') {
    // It ended for an older state of things than the one on record.
    await deps.jobs.finishAnew(encoding, fence);
    deps.journal.recovered(encoding, 'finish added');
  } else {
    if (encoding.dispatchedAt === undefined) await dispatchEncoding(deps, encoding);
    if (quietMs(deps, active) <= deps.stallMs || finish.state === 'pending') return;
    if (!alive(await deps.jobs.outcomes(encoding))) await failEncoding(deps, id, STALLED, { fence });
  }
}

/** So many comparisons may come late or fall out before growth that nobody has listed is overlooked. */
const MISSED = 3;

async function revive(deps: ReconcileDeps, active: Active, all: boolean): Promise<void> {
  const { encoding } = active;
  if (!isWorking(encoding)) return reviveStart(deps, active);
  await reviveWork(deps, active, encoding);
  // Growth whose writer died before it had written, if nothing has grown since.
  if (all || quietMs(deps, active) < MISSED * deps.intervalMs) deps.manifests.request(encoding.id);
}

/**
 * Compares the record with the queues and adds what is missing: after a crash between a commit and its job, after Redis lost its
 * memory, after an outage that outlasted a job's attempts. Encodings that nothing can move any more are ended.
 * @param all look at those too that have just gained something: after a start, or when the queues may have lost everything
 */
export const reconcile =
  (deps: ReconcileDeps) =>
  async (all: boolean): Promise<void> => {
    const quietSince = all ? undefined : new Date(deps.now().getTime() - deps.intervalMs);
    for (const active of await deps.encodings.active(1_000, quietSince)) {
      try {
        await revive(deps, active, all);
      } catch (error) {
        // One that can't be helped now must not keep the others waiting.
        deps.background(`reconcile ${active.encoding.id}`, async () => {
          throw error;
        });
      }
    }
    for (const { prefix, videoId, round } of await deps.sweeps.due(deps.now()))
      await deps.jobs.sweep(prefix, videoId, round, 0);
  };
