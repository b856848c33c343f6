import { isWorking } from './encoding';
import { reportShare } from './follow-remote';
import { type EncodeJobs, type Encodings, type RemoteEncoder, type RemoteJob, type Report } from './ports';

/** What the service tells by itself of a job that was ordered for an encoding. */
export interface RemoteNews extends Pick<RemoteJob, 'state' | 'share'> {
  readonly encodingId: string;
  readonly jobId: string;
}

export interface HearDeps {
  readonly encodings: Encodings;
  readonly jobs: EncodeJobs;
  readonly remote: Pick<RemoteEncoder, 'cancel'>;
  readonly report: (encodingId: string, report: Report) => Promise<void>;
  /** After how much silence the follower asks by itself. */
  readonly pollMs: number;
}

/**
 * News may come twice, late, in any order or never: they only move the follower, which asks for itself how things are. A job
 * that is at work although nothing waits for it any more is cancelled.
 */
export const hearRemote =
  (deps: HearDeps) =>
  async ({ encodingId, jobId, state, share }: RemoteNews): Promise<void> => {
    const encoding = await deps.encodings.find(encodingId);
    // Not ours: another installation may share the account.
    if (!encoding || !('work' in encoding) || encoding.work?.engine.jobId === undefined) return;
    if (!isWorking(encoding) || encoding.work.engine.name !== 'mediaconvert' || encoding.work.engine.jobId !== jobId) {
      if (state === 'at work') await deps.remote.cancel(jobId);
      return;
    }
    if (state === 'at work') {
      if (share !== undefined) await reportShare(deps, encoding, share);
      return deps.jobs.putOffFollower(encoding, encoding.fence, deps.pollMs);
    }
    // It may have asked a moment before the end; the news come again, then.
    if ((await deps.jobs.wakeFollower(encoding, encoding.fence)) === 'busy')
      throw new Error('the follower is at work; it is to be woken again');
  };
