import { type Job, type Queue } from 'bullmq';
import { type Redis } from 'ioredis';

/** Removes a job in whatever state; one that is at work stays. Its children stay. */
export async function removeJob(queue: Queue, id: string): Promise<boolean> {
  const job = (await queue.getJob(id)) as Job | undefined;
  if (!job) return true;
  return job.remove({ removeChildren: false }).then(
    () => true,
    () => false,
  );
}

/**
 * Removes a job even while it is at work: without its lock it is nobody's. Its worker ends it when it next renews the lock, within
 * three quarters of the lock's duration.
 */
export async function revokeJob(connection: Redis, queue: Queue, id: string): Promise<void> {
  if (await removeJob(queue, id)) return;
  await connection.del(`${queue.toKey(id)}:lock`);
  await removeJob(queue, id);
}
