import { type LandedTrack } from '@kinora/contracts-transcode';
import { refusal, refusalOfMediaConvert } from '@kinora/media';
import { type Failure, type InWork, type Playable, isWorking } from './encoding';
import { type DispatchDeps, dispatchEncoding } from './dispatch-encoding';
import { INCOMPLETE, INTERNAL } from './failures';
import { type Journal, type MediaStore, type RemoteEncoder, type RemoteJob, type Report } from './ports';
import { takeIn } from './take-in';
import { plannedSeconds } from './tracks';
import { changeEngine, engaged, engineFolder } from './transitions';

export interface FollowDeps extends DispatchDeps {
  readonly remote: RemoteEncoder;
  readonly media: MediaStore;
  readonly journal: Pick<Journal, 'remoteFailed'>;
  /** Whether our own workers do what the service could not. */
  readonly fallBack: boolean;
  /** As an encoder reports; throws `encoding.fenced` when this work is no longer wanted. */
  readonly report: (encodingId: string, report: Report) => Promise<void>;
}

export type Followed =
  /** To be asked for again. */
  | { readonly state: 'at work' }
  | { readonly state: 'landed' | 'superseded' }
  | { readonly state: 'failed'; readonly failure: Failure };

/** Whose reports these are, beside those of our own jobs. */
export const REPORTER = 'mediaconvert';

/** Below this the start of many machines takes longer than it saves. */
const ACCELERATED_MS = 30 * 60_000;

type Working = InWork | Playable;

/** Our own workers take over, as if they had been chosen. False if nobody waits for this work any more. */
async function takeOver(deps: FollowDeps, encoding: Working): Promise<boolean> {
  const { id, fence } = encoding;
  const reason = 'MediaConvert has failed, our own encoders took over';
  const changed = await deps.encodings.change(id, (e) => changeEngine(e, fence, 'ffmpeg', reason));
  if (!changed?.changed || !isWorking(changed.encoding)) return false;
  await deps.jobs.remove(encoding, fence);
  await dispatchEncoding(deps, changed.encoding);
  return true;
}

/** The job of an encoding: the one on record, or a new one. Undefined if the encoding was overtaken meanwhile. */
async function jobOf(deps: FollowDeps, encoding: Working): Promise<RemoteJob | { refused: string } | undefined> {
  const { id, videoId, fence, sourceKey, work } = encoding;
  const { jobId } = work.engine;
  if (jobId !== undefined) return (await deps.remote.find(jobId)) ?? { refused: `job ${jobId} is forgotten` };
  const { plan } = work;
  const made = await deps.remote.order({
    ...{ id, videoId, fence, plan, sourceKey, folder: engineFolder(encoding) },
    accelerated: (plan.durationMs ?? 0) > ACCELERATED_MS,
  });
  if ('refused' in made) return made;
  const noted = await deps.encodings.change(id, (e) => engaged(e, fence, made.id));
  const now = noted?.encoding;
  if (now && isWorking(now) && now.work.engine.jobId === made.id) return made;
  // Cancelled, deleted or dispatched anew while we asked: nobody else knows of this job.
  await deps.remote.cancel(made.id);
  return undefined;
}

/** Share of the work that is done, told like an encoder's report. */
export const reportShare = (
  deps: Pick<FollowDeps, 'report'>,
  { id, fence, work }: Working,
  share: number,
  tracks: readonly LandedTrack[] = [],
): Promise<void> =>
  deps.report(id, { fence, jobId: REPORTER, encodedSeconds: (plannedSeconds(work.plan) ?? 0) * share, tracks });

/**
 * One look at the job that an encoding has with the service: orders it if there is none, takes in what it made when it is
 * complete. Safe to run at any time and any number of times.
 */
export const followRemote =
  (deps: FollowDeps) =>
  async (id: string, fence: number, signal?: AbortSignal): Promise<Followed> => {
    const encoding = await deps.encodings.find(id);
    if (!encoding || !isWorking(encoding) || encoding.fence !== fence) return { state: 'superseded' };
    const failed = async (failure: Failure, reason: string): Promise<Followed> => {
      deps.journal.remoteFailed(encoding, reason);
      // What the source is to blame for, our own workers would find too.
      if (failure === INTERNAL && deps.fallBack && (await takeOver(deps, encoding))) return { state: 'superseded' };
      return { state: 'failed', failure };
    };
    const job = await jobOf(deps, encoding);
    if (!job) return { state: 'superseded' };
    if ('refused' in job) return failed(INTERNAL, job.refused);
    switch (job.state) {
      case 'at work':
        if (job.share !== undefined) await reportShare(deps, encoding, job.share);
        return { state: 'at work' };
      case 'failed': {
        const reason = `${job.errorCode ?? 0}: ${job.errorMessage ?? ''}`;
        const code = refusalOfMediaConvert(job.errorCode);
        return failed(code ? refusal(code) : INTERNAL, reason);
      }
      case 'cancelled':
        return failed(INTERNAL, `job ${job.id} was cancelled by somebody else`);
      case 'complete': {
        const tracks = await takeIn(deps.media, encoding, engineFolder(encoding), signal);
        if (!tracks) return failed(INCOMPLETE, `job ${job.id} is complete and a rendition is missing`);
        await reportShare(deps, encoding, 1, tracks);
        return { state: 'landed' };
      }
    }
  };
