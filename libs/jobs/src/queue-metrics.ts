import { Gauge, type Metrics, withTimeout } from '@kinora/service';
import { type Job, Queue } from 'bullmq';
import { type Redis } from 'ioredis';

const STATES = ['active', 'delayed', 'failed', 'prioritized', 'waiting', 'waiting-children'] as const;
/** Redis may be away: a scrape does not wait for it. */
const PATIENCE_MS = 1_000;

/** The job that the next free worker takes. */
async function nextOf(queue: Queue): Promise<Job | undefined> {
  const [waiting] = await queue.getJobs(['waiting'], 0, 0, true);
  return waiting ?? (await queue.getJobs(['prioritized'], 0, 0, true))[0];
}

/** A parent could not run before its children had, and a job that is tried again was not in line all the time: those wait since they were first seen there. */
async function inLineSince(job: Job, now: number): Promise<number> {
  if (job.attemptsMade > 0) return now;
  const { processed = 0, ignored = 0, failed = 0 } = await job.getDependenciesCount();
  return processed + ignored + failed > 0 ? now : Math.min(now, job.timestamp + (job.delay ?? 0));
}

class Measured {
  #head: { id: string | undefined; since: number } | undefined;

  constructor(readonly queue: Queue) {}

  /** Seconds for which the next job has waited; 0 for an empty queue. */
  async nextAge(): Promise<number> {
    const job = await nextOf(this.queue);
    const now = Date.now();
    if (!job) this.#head = undefined;
    else if (this.#head?.id !== job.id) this.#head = { id: job.id, since: await inLineSince(job, now) };
    return this.#head ? (now - this.#head.since) / 1000 : 0;
  }
}

const measured = new WeakMap<Metrics['registry'], Set<Measured>>();

/** The gauges of a service's registry, made with its first queue. Nothing is shown of a queue while Redis is away. */
function queuesOf({ registry }: Metrics): Set<Measured> {
  const known = measured.get(registry);
  if (known) return known;
  const queues = new Set<Measured>();
  measured.set(registry, queues);
  const registers = [registry];
  const askAll = (ask: (one: Measured) => Promise<void>): Promise<unknown> =>
    Promise.allSettled([...queues].map((one) => withTimeout(ask(one), PATIENCE_MS)));
  new Gauge({
    name: 'queue_jobs',
    help: 'Jobs in a queue by state',
    labelNames: ['queue', 'state'],
    registers,
    async collect() {
      this.reset();
      await askAll(async ({ queue }) => {
        const counts = await queue.getJobCounts(...STATES);
        for (const state of STATES) this.set({ queue: queue.name, state }, counts[state] ?? 0);
      });
    },
  });
  new Gauge({
    name: 'queue_next_age_seconds',
    help: 'How long the job that is next in line has been waiting',
    labelNames: ['queue'],
    registers,
    async collect() {
      this.reset();
      await askAll(async (one) => this.set({ queue: one.queue.name }, await one.nextAge()));
    },
  });
  return queues;
}

/**
 * Shows how many jobs are in which state of these queues, and how long the next one has waited; asked when metrics are. Every replica shows the
 * same numbers, so they are read as a maximum and never added up.
 */
export function measureQueues(
  names: readonly string[],
  connection: Redis,
  metrics: Metrics,
): { close(): Promise<void> } {
  const all = queuesOf(metrics);
  const own = names.map((name) => new Measured(new Queue(name, { connection })));
  for (const one of own) all.add(one);
  return {
    async close() {
      for (const one of own) all.delete(one);
      await Promise.all(own.map(({ queue }) => queue.close()));
    },
  };
}
