import { ENCODE_QUEUE, TRANSCODE_QUEUE } from '@kinora/contracts-transcode';
import { type Redis } from '@kinora/jobs';
import { Gauge, type Metrics, withTimeout } from '@kinora/service';
import { Queue } from 'bullmq';

const STATES = ['active', 'delayed', 'failed', 'prioritized', 'waiting', 'waiting-children'] as const;

/** How many jobs are in which state; encoders are scaled by `encode`. Asked when metrics are; nothing is shown while Redis is away. */
export function measureQueues(connection: Redis, metrics: Metrics): { close(): Promise<void> } {
  const queues = [ENCODE_QUEUE, TRANSCODE_QUEUE].map((name) => new Queue(name, { connection }));
  new Gauge({
    name: 'queue_jobs',
    help: 'Jobs in a queue by state',
    labelNames: ['queue', 'state'],
    registers: [metrics.registry],
    async collect() {
      for (const queue of queues) {
        try {
          const counts = await withTimeout(queue.getJobCounts(...STATES), 1_000);
          for (const state of STATES) this.set({ queue: queue.name, state }, counts[state] ?? 0);
        } catch {
          this.reset();
        }
      }
    },
  });
  return { close: async () => void (await Promise.all(queues.map((queue) => queue.close()))) };
}
