import { LandedTrack } from '@kinora/contracts-transcode';
import { parseFailure } from '@kinora/jobs';
import { type Job, type Queue } from 'bullmq';
import { z } from 'zod';
import { type JobOutcome } from '../../domain/ports';

const WithTracks = z.object({ tracks: z.array(LandedTrack) });

const pending = new Set(['waiting', 'active', 'delayed', 'prioritized', 'paused', 'waiting-deduplication']);

/** How a job stands. Results are parsed: they come from another service. */
export async function outcomeOf(queue: Queue, id: string): Promise<JobOutcome> {
  const state = await queue.getJobState(id);
  if (state === 'waiting-children') return { state: 'blocked' };
  if (pending.has(state)) return { state: 'pending' };
  const job = state === 'unknown' ? undefined : ((await queue.getJob(id)) as Job<unknown, unknown> | undefined);
  if (!job) return { state: 'absent' };
  if (state === 'failed') {
    const reason = job.failedReason ?? '';
    return { state: 'failed', failure: parseFailure(reason), reason };
  }
  return { state: 'completed', tracks: WithTracks.safeParse(job.returnvalue).data?.tracks ?? [] };
}
