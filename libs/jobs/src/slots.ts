import { type Queue } from 'bullmq';

/** Jobs that the workers of a queue, on all machines, take at a time. 0 if there are none, or Redis does not tell. */
export async function slotsOf(queue: Queue): Promise<number> {
  const workers = await queue.getWorkers().catch(() => []);
  // A worker's connection is named after its queue, and after what the worker calls itself: its concurrency.
  return workers.reduce((sum, { rawname = '' }) => sum + (Number(/:w:(\d+)$/.exec(rawname)?.[1]) || 0), 0);
}
