import { LandedTrack } from '@kinora/contracts-transcode';
import { parseFailure } from '@kinora/jobs';
import { type Job, type Queue } from 'bullmq';
import { z } from 'zod';
import { type JobOutcome } from '../../domain/ports';

const WithTracks = z.object({ tracks: z.array(LandedTrack) });

const pending = new Set(['waiting', 'active', 'delayed', 'prioritized', 'paused', 'waiting-deduplication']);

/** How a job stands. Results are parsed: they come from another service. */
export async function outcomeOf(queue: Queue, id: string): Promise<JobOutcome> {
  const job = (await queue.getJob(id)) as Job<unknown, unknown> | undefined;
  if (!job) return { state: 'absent' };
  const state = await job.getState();
  if (state === 'waiting-children') return { state: 'blocked' };
  if (pending.has(state)) return { state: 'pending' };
  if (state === 'failed') {
    const reason = job.failedReason ?? '';
    return { state: 'failed', failure: parseFailure(reason), reason };
  }
  if (state !== 'completed') return { state: 'absent' };
  // The state may be newer than the job that was read before it.
  const value: unknown = job.returnvalue ?? (await queue.getJob(id))?.returnvalue;
  return { state: 'completed', tracks: WithTracks.safeParse(value).data?.tracks ?? [] };
}

/** Removes a job in whatever state; one that is at work stays, and learns from the fence. */
export async function removeJob(queue: Queue, id: string): Promise<boolean> {
  const job = (await queue.getJob(id)) as Job | undefined;
  if (!job) return true;
  return job.remove({ removeChildren: false }).then(
    () => true,
    () => false,
  );
}
