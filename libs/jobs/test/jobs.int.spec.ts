import { defineEvent, defineJob } from '@kinora/contracts-common';
import { type Database, createDatabase, createOutbox, migrate, outboxMigration } from '@kinora/database';
import { createLogger, createMetrics, currentContext, withContext } from '@kinora/service';
import { type RedisServer, type TestDatabase, eventuallyHolds, testDatabase, testRedis } from '@kinora/testing';
import { Queue } from 'bullmq';
import { once } from 'node:events';
import { z } from 'zod';
import {
  PermanentFailure,
  type Redis,
  type RunningWorker,
  consumeEvents,
  createFlows,
  createProducer,
  createRedis,
  createSignals,
  flowNode,
  handle,
  measureQueues,
  on,
  revokeJob,
  startRelay,
  startWorker,
} from '../src/index';

const logger = createLogger('jobs-test', 'silent');
const metrics = createMetrics('jobs-test');
const policy = { attempts: 3, backoffMs: 10 };
const job = (queue: string, name: 'a' | 'b' | 'c') =>
  defineJob({
    queue,
    name: `${name}.do.v1`,
    data: z.object({ videoId: z.string(), n: z.int() }),
    result: z.object({ doubled: z.int() }),
    identity: (d) => `${name}-${d.videoId}-${d.n}`,
    policy,
  });

let redis: RedisServer;
let connection: Redis;
const open: RunningWorker[] = [];
const work = (
  handlers: Parameters<typeof startWorker>[0],
  options: Partial<Parameters<typeof startWorker>[1]> = {},
) => {
  const worker = startWorker(handlers, { connection, concurrency: 2, metrics, logger, lockMs: 1_000, ...options });
  open.push(worker);
  return worker;
};

beforeAll(async () => {
  redis = await testRedis();
  connection = createRedis(redis.url);
});
afterAll(async () => {
  await Promise.all(open.map((worker) => worker.close()));
  connection.disconnect();
  await redis.stop();
});

describe('jobs', () => {
  it('run once per identity, in the context of the request that caused them', async () => {
    const spec = job('once', 'a');
    const seen: unknown[] = [];
    const jobs = createProducer(spec, connection);
    await withContext({ requestId: 'req_test0001' }, async () => {
      await jobs.enqueue({ videoId: 'v', n: 1 });
      await jobs.enqueue({ videoId: 'v', n: 1 });
    });
    work([
      handle(spec, async (data) => {
        seen.push({ ...data, ...currentContext() });
        return { doubled: data.n * 2 };
      }),
    ]);
    const queue = new Queue('once', { connection });
    await eventuallyHolds(async () => expect(await queue.getCompletedCount()).toBe(1));
    expect(seen).toEqual([{ videoId: 'v', n: 1, requestId: 'req_test0001' }]);
    await Promise.all([jobs.close(), queue.close()]);
  });

  it('are put off as often as they ask, without an attempt charged, and may be woken', async () => {
    const spec = job('postponed', 'a');
    const attempts: number[] = [];
    const jobs = createProducer(spec, connection);
    const id = await jobs.enqueue({ videoId: 'v', n: 2 });
    work([
      handle(spec, async (data, context) => {
        attempts.push(context.attempt);
        // More often than it may fail; the last time for longer than anybody waits.
        if (attempts.length < 6) return context.postpone(attempts.length < 5 ? 1 : 3_600_000);
        return { doubled: data.n * 2 };
      }),
    ]);
    const queue = new Queue('postponed', { connection });
    await eventuallyHolds(() => expect(attempts).toHaveLength(5));
    await eventuallyHolds(async () => expect(await (await queue.getJob(id))?.getState()).toBe('delayed'));
    await (await queue.getJob(id))?.promote();
    await eventuallyHolds(async () => expect((await queue.getJob(id))?.returnvalue).toEqual({ doubled: 4 }));
    expect(attempts).toEqual([1, 1, 1, 1, 1, 1]);
    await Promise.all([jobs.close(), queue.close()]);
  });

  it('are tried again after bad luck, never after bad input', async () => {
    const spec = job('retries', 'b');
    const attempts: Record<number, number> = {};
    work([
      handle(spec, async ({ n }, { attempt }) => {
        attempts[n] = attempt;
        if (n === 1 && attempt < 3) throw new Error('bad luck');
        if (n === 2) throw new PermanentFailure('source.not_media', 'The file is not a video.');
        return { doubled: n * 2 };
      }),
    ]);
    const queue = new Queue('retries', { connection });
    const jobs = createProducer(spec, connection);
    await jobs.enqueue({ videoId: 'v', n: 1 });
    await jobs.enqueue({ videoId: 'v', n: 2 });
    await queue.add(spec.name, { payload: { n: 'three' }, context: {} }, { attempts: 3, jobId: 'bad' });
    await eventuallyHolds(async () => {
      expect(await queue.getCompletedCount()).toBe(1);
      expect(await queue.getFailedCount()).toBe(2);
    });
    expect(attempts).toEqual({ 1: 3, 2: 1 });
    expect((await queue.getJob('bad'))?.attemptsMade).toBe(1);
    expect((await queue.getJob('bad'))?.failedReason).toContain('job.payload_invalid');
    await Promise.all([jobs.close(), queue.close()]);
  });

  it('go back to the queue without an attempt charged when the worker shuts down', async () => {
    const spec = job('shutdown', 'c');
    const jobs = createProducer(spec, connection);
    const queue = new Queue('shutdown', { connection });
    let started = (): void => undefined;
    const running = new Promise<void>((resolve) => (started = resolve));
    const first = startWorker(
      [
        handle(
          spec,
          (_data, { signal }) =>
            new Promise(
              (_resolve, reject) => (started(), signal.addEventListener('abort', () => reject(new Error('aborted')))),
            ),
        ),
      ],
      { connection, concurrency: 1, metrics, logger },
    );
    await jobs.enqueue({ videoId: 'v', n: 1 });
    await running;
    await first.close({ abort: true });
    expect(await queue.getWaitingCount()).toBe(1);
    const attempts: number[] = [];
    work([handle(spec, async ({ n }, { attempt }) => (attempts.push(attempt), { doubled: n * 2 }))]);
    await eventuallyHolds(() => expect(attempts).toEqual([1]));
    await Promise.all([jobs.close(), queue.close()]);
  });

  it('end where they run when they are taken away, and leave no trace', async () => {
    const spec = job('revoked', 'a');
    const jobs = createProducer(spec, connection);
    const queue = new Queue('revoked', { connection });
    const aborted: unknown[] = [];
    const started = Promise.withResolvers<void>();
    const worker = work(
      [
        handle(spec, async ({ n }, { signal }) => {
          if (n === 2) return { doubled: 4 };
          started.resolve();
          await once(signal, 'abort');
          aborted.push(signal.reason);
          throw new Error('aborted');
        }),
      ],
      { concurrency: 1 },
    );
    const id = await jobs.enqueue({ videoId: 'v', n: 1 });
    await started.promise;
    await revokeJob(connection, queue, id);
    expect(await queue.getJobState(id)).toBe('unknown');
    const next = await jobs.enqueue({ videoId: 'v', n: 2 });
    await eventuallyHolds(async () => expect(await queue.getJobState(next)).toBe('completed'));
    expect(aborted).toEqual(['lock lost']);
    expect(await queue.getJobCounts('failed', 'active', 'waiting')).toEqual({ failed: 0, active: 0, waiting: 0 });
    expect(await connection.keys(`bull:revoked:${id}*`)).toEqual([]);
    await worker.close();
    await Promise.all([jobs.close(), queue.close()]);
  });
});

describe('flows', () => {
  const leaf = job('leaves', 'a');
  const middle = job('leaves', 'b');
  const root = job('roots', 'c');
  const seen: unknown[] = [];

  beforeAll(() => {
    work([
      handle(leaf, async ({ n }) => {
        if (n < 0) throw new PermanentFailure('source.truncated', 'The file ends early.');
        return { doubled: n * 2 };
      }),
      handle(middle, async ({ n }) => ({ doubled: n * 2 })),
    ]);
    work([
      handle(
        root,
        async ({ n, videoId }, context) => {
          seen.push({ videoId, failed: await context.failedChildren(), results: await context.childResults() });
          return { doubled: n };
        },
        { evenIfChildrenFailed: true },
      ),
    ]);
  });

  const graph = (videoId: string, n: number, onFailure?: 'ignore') =>
    flowNode(
      root,
      { videoId, n: 0 },
      {
        children: [
          flowNode(
            middle,
            { videoId, n: 1 },
            { children: [flowNode(leaf, { videoId, n }, { ...(onFailure && { onFailure }) })] },
          ),
          flowNode(leaf, { videoId, n: 50 }),
        ],
      },
    );

  it('run the parent after its children, with their results', async () => {
    const flows = createFlows(connection);
    await flows.add(graph('good', 1));
    await flows.add(graph('good', 1));
    await eventuallyHolds(() =>
      expect(seen).toContainEqual({
        videoId: 'good',
        failed: {},
        results: expect.arrayContaining([{ doubled: 2 }, { doubled: 100 }]),
      }),
    );
    await flows.close();
  });

  it('tell the root why a grandchild failed', async () => {
    const flows = createFlows(connection);
    await flows.add(graph('bad', -1));
    await eventuallyHolds(() =>
      expect(seen).toContainEqual(
        expect.objectContaining({
          videoId: 'bad',
          failed: { 'b-bad-1': { code: 'source.truncated', message: 'The file ends early.' } },
        }),
      ),
    );
    await flows.close();
  });
});

describe('gauges of queues', () => {
  it('count jobs by state and say how long the next one has waited', async () => {
    const own = createMetrics('gauges');
    const [first, second] = [job('measured', 'a'), job('measured-too', 'b')];
    const [one, other] = [['measured'], ['measured-too']].map((names) => measureQueues(names, connection, own));
    const valueOf = async (name: string, queue: string, state?: string): Promise<number | undefined> =>
      (await own.registry.getMetricsAsJSON())
        .find((metric) => metric.name === name)
        ?.values.find(({ labels }) => labels['queue'] === queue && (state === undefined || labels['state'] === state))
        ?.value;
    expect(await valueOf('queue_jobs', 'measured', 'waiting')).toBe(0);
    expect(await valueOf('queue_next_age_seconds', 'measured')).toBe(0);

    const [producer, withPriority] = [createProducer(first, connection), createProducer(second, connection)];
    await producer.enqueue({ videoId: 'v', n: 1 });
    await withPriority.enqueue({ videoId: 'v', n: 2 }, { priority: 5 });
    const since = Date.now();
    expect(await valueOf('queue_jobs', 'measured', 'waiting')).toBe(1);
    expect(await valueOf('queue_jobs', 'measured-too', 'prioritized')).toBe(1);
    await eventuallyHolds(async () => {
      expect(await valueOf('queue_next_age_seconds', 'measured')).toBeGreaterThan(0.2);
      expect(await valueOf('queue_next_age_seconds', 'measured-too')).toBeGreaterThan(0.2);
    });
    expect(await valueOf('queue_next_age_seconds', 'measured')).toBeLessThan((Date.now() - since) / 1000 + 5);

    const worker = work([handle(first, async ({ n }) => ({ doubled: 2 * n }))]);
    await eventuallyHolds(async () => expect(await valueOf('queue_next_age_seconds', 'measured')).toBe(0));
    await worker.close();
    await one?.close();
    expect(await valueOf('queue_jobs', 'measured', 'waiting')).toBeUndefined();
    await other?.close();
    await Promise.all([producer.close(), withPriority.close()]);
  });

  it('count the wait of a parent from when its children were done', async () => {
    const own = createMetrics('gauges');
    const [parent, child] = [job('parents', 'a'), job('children', 'b')];
    const flows = createFlows(connection);
    await flows.add(flowNode(parent, { videoId: 'v', n: 1 }, { children: [flowNode(child, { videoId: 'v', n: 1 })] }));
    const added = Date.now();
    const gauge = measureQueues(['parents'], connection, own);
    const age = async () =>
      (await own.registry.getMetricsAsJSON()).find(({ name }) => name === 'queue_next_age_seconds')?.values[0]?.value;
    await eventuallyHolds(async () => expect(Date.now() - added).toBeGreaterThan(700));
    expect(await age()).toBe(0);
    work([handle(child, async ({ n }) => ({ doubled: 2 * n }))]);
    const queue = new Queue('parents', { connection });
    await eventuallyHolds(async () => expect(await queue.getWaitingCount()).toBe(1));
    expect(await age()).toBeLessThan(0.5);
    await Promise.all([gauge.close(), queue.close(), flows.close()]);
  });
});

describe('events', () => {
  const happened = defineEvent({
    name: 'test.happened.v1',
    data: z.object({ videoId: z.string(), n: z.int() }),
    subscribers: ['catalog', 'analytics'],
  });
  let server: TestDatabase;
  let db: Database;
  beforeAll(async () => {
    server = await testDatabase();
    db = createDatabase({ settings: { DATABASE_URL: server.url }, schema: 'sample' });
    await migrate(db, [outboxMigration]);
  });
  afterAll(async () => {
    await db.close();
    await server.drop();
  });

  it('reach every subscriber, survive a lost Redis, and come with their request', async () => {
    const outbox = createOutbox('sample');
    const relay = startRelay(db, connection, logger);
    const got: Record<string, unknown[]> = { catalog: [], analytics: [] };
    const consumers = (['catalog', 'analytics'] as const).map((service) =>
      consumeEvents(
        service,
        [
          on(happened, async (data, meta) =>
            got[service]?.push({ id: meta.id, n: data.n, requestId: currentContext()?.requestId }),
          ),
        ],
        { connection, metrics, logger },
      ),
    );
    const id = await withContext({ requestId: 'req_event001' }, () =>
      db.transaction((trx) => outbox.publish(trx, happened, { videoId: 'v', n: 7 })),
    );
    const expected = { id, n: 7, requestId: 'req_event001' };
    await eventuallyHolds(() => expect(got).toEqual({ catalog: [expected], analytics: [expected] }));

    await connection.flushall();
    await db.transaction((trx) => outbox.publish(trx, happened, { videoId: 'v', n: 8 }));
    // The event from before the loss comes again: consumers know it by its id.
    await eventuallyHolds(
      () =>
        expect(got['catalog']).toEqual([
          expected,
          expect.objectContaining({ id, n: 7 }),
          expect.objectContaining({ n: 8 }),
        ]),
      { timeoutMs: 15_000 },
    );
    await Promise.all([relay.close(), ...consumers.map((one) => one.close())]);
  }, 30_000);

  it('can be sent as signals, without the outbox', async () => {
    const got: number[] = [];
    const consumer = consumeEvents('catalog', [on(happened, async ({ n }) => got.push(n))], {
      connection,
      metrics,
      logger,
    });
    const signals = createSignals(connection);
    await signals.send(happened, 'signal-1', { videoId: 'v', n: 3 });
    await eventuallyHolds(() => expect(got).toEqual([3]));
    await Promise.all([consumer.close(), signals.close()]);
  });
});
