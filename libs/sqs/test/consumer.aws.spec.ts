import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { createLogger, createMetrics, currentContext } from '@kinora/service';
import { asSetUp, backend, eventually, eventuallyHolds } from '@kinora/testing';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  type QueueConsumer,
  type QueueConsumerOptions,
  type QueueMessage,
  UnprocessableMessage,
  startQueueConsumer,
} from '../src/index';
import { startFaultyFront } from './support/faulty-front';

jest.setTimeout(90_000);

const { endpoint, region } = backend('aws');
const sqs = new SQSClient(asSetUp(backend('aws')));
const logger = createLogger('sqs-test', 'silent');
const retry = { first: 1, longest: 1 };
const open: QueueConsumer[] = [];
afterAll(async () => {
  await Promise.all(open.map((consumer) => consumer.close()));
  sqs.destroy();
});

const newQueue = async (attributes: Record<string, string> = {}): Promise<string> =>
  (await sqs.send(new CreateQueueCommand({ QueueName: `q-${randomUUID()}`, Attributes: attributes }))).QueueUrl ?? '';
const send = (QueueUrl: string, body: unknown) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: typeof body === 'string' ? body : JSON.stringify(body) }));
const attributesOf = async (QueueUrl: string) =>
  (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes ?? {};
const empties = (queueUrl: string) =>
  eventuallyHolds(async () =>
    expect(await attributesOf(queueUrl)).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    }),
  );
const consume = (
  queueUrl: string,
  handle: QueueConsumerOptions['handle'],
  options: Partial<QueueConsumerOptions> = {},
): QueueConsumer => {
  const metrics = createMetrics('sqs-test');
  const consumer = startQueueConsumer({ queueUrl, region, endpoint, handle, metrics, logger, retry, ...options });
  open.push(consumer);
  return consumer;
};
/** A handler's view of things, to wait for. */
const recorder = () => {
  const seen: QueueMessage[] = [];
  return { seen, record: async (message: QueueMessage) => void seen.push(message) };
};

it('hands over each message once and deletes it', async () => {
  const queue = await newQueue();
  const requestIds = new Set<string>();
  const { seen, record } = recorder();
  const metrics = createMetrics('sqs-test');
  await Promise.all([1, 2, 3, 4, 5].map((n) => send(queue, { n })));
  consume(
    queue,
    async (message) => {
      requestIds.add(currentContext()?.requestId ?? '');
      await record(message);
    },
    { metrics, concurrency: 2 },
  );
  await eventually(() => seen.length >= 5);
  await empties(queue);
  expect(seen.map(({ body }) => (body as { n: number }).n).sort()).toEqual([1, 2, 3, 4, 5]);
  expect(seen.every(({ receiveCount }) => receiveCount === 1)).toBe(true);
  expect([...requestIds].filter((id) => id.startsWith('req_'))).toHaveLength(5);
  expect(await metrics.registry.metrics()).toMatch(/job_duration_seconds_count\{.*outcome="ok".*\} 5/);
});

it('delivers again what a handler has failed on', async () => {
  const queue = await newQueue();
  const { seen, record } = recorder();
  consume(queue, async (message) => {
    await record(message);
    if (message.receiveCount < 3) throw new Error('bad luck');
  });
  await send(queue, { hello: 'world' });
  await eventually(() => seen.length >= 3);
  await empties(queue);
  expect(seen.map(({ receiveCount, body }) => ({ receiveCount, body }))).toEqual(
    [1, 2, 3].map((receiveCount) => ({ receiveCount, body: { hello: 'world' } })),
  );
});

it('keeps a message for as long as its handler is at work', async () => {
  const [queue, control] = [await newQueue(), await newQueue()];
  const finished = new EventTarget();
  const { seen, record } = recorder();
  const options = { visibilitySeconds: 1 };
  const slow = async (message: QueueMessage): Promise<void> => {
    await record(message);
    await once(finished, 'go');
  };
  consume(queue, slow, options);
  consume(queue, slow, options);
  await send(queue, {});
  await eventually(() => seen.length === 1);
  // Nobody extends this one: when it has come four times, three times the visibility has passed.
  await send(control, {});
  for (let times = 0; times < 4;) {
    const answer = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: control, VisibilityTimeout: 1, WaitTimeSeconds: 5 }),
    );
    times += answer.Messages?.length ?? 0;
  }
  expect(seen).toHaveLength(1);
  finished.dispatchEvent(new Event('go'));
  await empties(queue);
  expect(seen).toHaveLength(1);
});

it('leaves poison to the dead-letter queue', async () => {
  const dead = await newQueue();
  const { QueueArn: deadLetterTargetArn } = await attributesOf(dead);
  const queue = await newQueue({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: '2' }) });
  const { seen, record } = recorder();
  const metrics = createMetrics('sqs-test');
  consume(
    queue,
    async (message) => {
      await record(message);
      if (message.body === 'unlucky') throw new Error('bad luck');
      throw new UnprocessableMessage('test.refused', 'No use.');
    },
    { metrics },
  );
  const bodies = ['"unlucky"', '"refused"', '{ not json'];
  for (const body of bodies) await send(queue, body);
  const arrived = new Set<string>();
  await eventually(
    async () => {
      const answer = await sqs.send(new ReceiveMessageCommand({ QueueUrl: dead, MaxNumberOfMessages: 10 }));
      for (const { Body } of answer.Messages ?? []) arrived.add(Body ?? '');
      return arrived.size === 3;
    },
    { timeoutMs: 30_000 },
  );
  expect([...arrived].sort()).toEqual(bodies.sort());
  await empties(queue);
  expect(seen.map(({ body }) => body).sort()).toEqual(['refused', 'refused', 'unlucky', 'unlucky']);
  const numbers = await metrics.registry.metrics();
  expect(numbers).toMatch(/job_duration_seconds_count\{.*outcome="refused".*\} 4/);
  expect(numbers).toMatch(/job_duration_seconds_count\{.*outcome="error".*\} 2/);
});

describe('closing', () => {
  const long = { visibilitySeconds: 600 };

  it('does not wait for a poll', async () => {
    const front = await startFaultyFront(endpoint);
    const consumer = consume(await newQueue(), async () => undefined, { endpoint: front.url });
    await eventually(() => front.requests > 0);
    const began = Date.now();
    await consumer.close();
    expect(Date.now() - began).toBeLessThan(5_000);
    await front.stop();
  });

  it('lets a handler end', async () => {
    const queue = await newQueue();
    const finished = new EventTarget();
    const { seen, record } = recorder();
    const consumer = consume(
      queue,
      async (message) => {
        await record(message);
        await once(finished, 'go');
      },
      { ...long, closeSeconds: 60 },
    );
    await send(queue, {});
    await eventually(() => seen.length === 1);
    const closed = consumer.close();
    finished.dispatchEvent(new Event('go'));
    await closed;
    await empties(queue);
  });

  it.each([
    ['ends when told', (signal: AbortSignal) => once(signal, 'abort').then(() => signal.throwIfAborted())],
    ['heeds nothing', () => new Promise<void>(() => undefined)],
  ])('gives back at once what a handler has at work that %s', async (_, stay) => {
    const queue = await newQueue();
    const { seen, record } = recorder();
    const consumer = consume(
      queue,
      async (message, signal) => {
        await record(message);
        await stay(signal);
      },
      { ...long, closeSeconds: 0 },
    );
    await send(queue, {});
    await eventually(() => seen.length === 1);
    await consumer.close();
    const next = recorder();
    consume(queue, next.record, long);
    await eventually(() => next.seen.length === 1);
    expect(next.seen[0]).toMatchObject({ id: seen[0]?.id, receiveCount: 2 });
    await empties(queue);
  });
});

it('asks a queue again that does not answer, and says so once', async () => {
  const front = await startFaultyFront(endpoint);
  const queue = await newQueue();
  const { seen, record } = recorder();
  const own = createLogger('sqs-test', 'silent');
  const [warned, informed] = [jest.spyOn(own, 'warn'), jest.spyOn(own, 'info')];
  front.setDown(true);
  consume(queue, record, { endpoint: front.url, logger: own });
  await eventually(() => front.refused >= 8);
  await send(queue, { after: 'the outage' });
  expect(seen).toEqual([]);
  front.setDown(false);
  await eventually(() => seen.length === 1);
  expect(warned).toHaveBeenCalledTimes(1);
  expect(informed).toHaveBeenCalledTimes(1);
  await open.pop()?.close();
  await front.stop();
});
