import { type RunningService } from '@kinora/service';
import { backend, eventually, testBuckets, type TestBuckets } from '@kinora/testing';
import { createEventQueues, type EventQueue, type EventQueues } from './event-queues';
import { startWorld, type World } from './harness';

/** The service on buckets whose events go to queues. */
export interface EventWorld {
  readonly world: World;
  readonly queues: EventQueues;
  readonly buckets: TestBuckets;
  /** New queues for the staging bucket's events: a stand-in goes on with a poll whose caller is gone, and so takes messages for nobody for a while. */
  subscribe(maxReceiveCount?: number): Promise<{ direct: EventQueue; bridged: EventQueue }>;
  /** One more instance, which takes the events of a queue. */
  listen(queue: EventQueue, extra?: Record<string, string>): Promise<RunningService>;
  empties(queue: EventQueue): Promise<unknown>;
  /** Kills the instances that listen. */
  silence(): Promise<void>;
  stop(): Promise<void>;
}

export async function startEventWorld(): Promise<EventWorld> {
  const aws = backend('aws');
  const buckets = await testBuckets(aws);
  const queues = createEventQueues(aws);
  const world = await startWorld({ ...buckets.environment, SQS_ENDPOINT: aws.endpoint });
  const started: RunningService[] = [];
  return {
    ...{ world, queues, buckets },
    async subscribe(maxReceiveCount) {
      const both = { direct: await queues.create(maxReceiveCount), bridged: await queues.create(maxReceiveCount) };
      await queues.subscribe(buckets.staging, both);
      return both;
    },
    async listen(queue, extra = {}) {
      const instance = await world.start({
        UPLOAD_EVENTS_QUEUE_URL: queue.url,
        UPLOAD_EVENTS_MAX_PAUSE_SECONDS: '1',
        UPLOAD_EVENTS_VISIBILITY_SECONDS: '5',
        ...extra,
      });
      started.push(instance);
      return instance;
    },
    empties: (queue) => eventually(async () => (await queues.size(queue.url)) === 0, { timeoutMs: 60_000 }),
    async silence() {
      for (const instance of started.splice(0)) await world.kill(instance);
    },
    async stop() {
      await world.stop();
      queues.close();
    },
  };
}
