import { defineJob } from '@kinora/contracts-common';
import { createLogger, createMetrics } from '@kinora/service';
import { type RedisServer, eventuallyHolds, testRedis } from '@kinora/testing';
import { Queue } from 'bullmq';
import { z } from 'zod';
import { type Redis, createFlows, createRedis, flowNode, handle, slotsOf, startWorker } from '../src/index';

const logger = createLogger('jobs-test', 'silent');
const metrics = createMetrics('jobs-test');
const job = (queue: string, name: string) =>
  defineJob({
    queue,
    name: `${name}.do.v1`,
    data: z.object({ n: z.int() }),
    result: z.object({ n: z.int() }),
    identity: ({ n }) => `${name}-${n}`,
    policy: { attempts: 1, backoffMs: 10 },
  });

let redis: RedisServer;
let connection: Redis;

beforeAll(async () => {
  redis = await testRedis();
  connection = createRedis(redis.url);
});
afterAll(async () => {
  connection.disconnect();
  await redis.stop();
});

it('lets a child add further children beside itself, which the parent then waits for', async () => {
  const [parent, planner, part] = [job('grow', 'parent'), job('grow', 'planner'), job('grow', 'part')];
  const flows = createFlows(connection);
  const ran: string[] = [];
  const to = { queue: 'grow', id: parent.identity({ n: 0 }) };
  await flows.add(flowNode(parent, { n: 0 }, { children: [flowNode(planner, { n: 0 })] }));
  const worker = startWorker(
    [
      handle(planner, async ({ n }) => {
        // Twice, as after a crash: those that are there are left as they are.
        for (let time = 0; time < 2; time += 1)
          await flows.addChildren(to, [1, 2, 3].map((one) => flowNode(part, { n: one }))); // prettier-ignore
        ran.push('planner');
        return { n };
      }),
      handle(part, async ({ n }) => (ran.push(`part ${n}`), { n })),
      handle(parent, async ({ n }, context) => {
        ran.push(`parent of ${(await context.childResults()).length}`);
        return { n };
      }),
    ],
    { connection, concurrency: 1, metrics, logger },
  );
  await eventuallyHolds(async () => expect(ran.at(-1)).toMatch(/^parent/));
  expect(ran.toSorted()).toEqual(['parent of 4', 'part 1', 'part 2', 'part 3', 'planner']);
  await expect(flows.addChildren({ queue: 'grow', id: 'nobody' }, [flowNode(part, { n: 9 })])).rejects.toThrow();
  await worker.close();
  await flows.close();
});

it('counts what the workers of a queue take at a time', async () => {
  const spec = job('counted', 'a');
  const queue = new Queue('counted', { connection });
  expect(await slotsOf(queue)).toBe(0);
  const start = (concurrency: number) =>
    startWorker([handle(spec, async ({ n }) => ({ n }))], { connection, concurrency, metrics, logger });
  const workers = [start(2), start(5)];
  await eventuallyHolds(async () => expect(await slotsOf(queue)).toBe(7));
  await Promise.all(workers.map((worker) => worker.close()));
  await eventuallyHolds(async () => expect(await slotsOf(queue)).toBe(0));
  await queue.close();
});
