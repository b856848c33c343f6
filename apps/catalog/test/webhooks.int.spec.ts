import { deliverWebhook } from '@kinora/contracts-catalog';
import { createProducer, createRedis } from '@kinora/jobs';
import { eventually } from '@kinora/testing';
import { Queue } from 'bullmq';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { createHttpSender, guardedLookup } from '../src/adapters/webhooks/http-sender';
import { eventsOf, makeReady } from './support/pipeline';
import { type Catalog, type Platform, startPlatform } from './support/platform';
import { problemOf } from './support/problem';
import { type Receiver, startReceiver } from './support/receiver';

let platform: Platform;

beforeAll(async () => {
  platform = await startPlatform({ WEBHOOK_RETRY_SECONDS: '0.05,0.05' });
});
afterAll(() => platform[Symbol.asyncDispose]());

/** A person with a webhook that listens. */
async function subscriber(userId: string, events: Parameters<Catalog['createWebhook']>[0]['body']['events'] = []) {
  const receiver = await startReceiver();
  const person = platform.as({ token: await platform.identity.person(userId, 'creator') });
  const { secret, ...webhook } = await person.createWebhook({ body: { url: `${receiver.url}/hook`, events } });
  receiver.secret = secret;
  return { person, receiver, secret, webhook, webhookId: webhook.id };
}

const log = async (person: Catalog, webhookId: string) =>
  (await person.listDeliveries({ params: { webhookId }, query: { limit: 50 } })).items;
const types = (receiver: Receiver) => receiver.received.map((one) => one.message.type);

it('tells a subscriber the life of a video, signed, each event once', async () => {
  const { person, receiver, secret, webhookId } = await subscriber('life');
  await using _ = receiver;
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/=]{32}$/);
  const { id: videoId } = await person.createVideo({ body: { title: 'Told', visibility: 'public' } });
  await makeReady(platform, person, videoId, 'life');
  await person.updateVideo({ params: { videoId }, body: { title: 'Told again' } });
  const expected = [
    ...['video.created', 'upload.completed', 'encoding.started', 'video.playable', 'video.ready', 'video.updated'],
  ];
  await eventually(() => receiver.received.length >= expected.length);
  expect(types(receiver).sort()).toEqual([...expected].sort());
  expect(receiver.refused).toEqual([]);
  expect(receiver.received.find((one) => one.message.type === 'video.ready')?.message.data).toEqual({
    ...{ videoId, status: 'ready', durationMs: 9_960 },
  });
  const deliveries = await eventually(async () => {
    const items = await log(person, webhookId);
    return items.every((one) => one.state === 'delivered') && items;
  });
  expect(deliveries).toHaveLength(expected.length);
  expect(deliveries[0]).toMatchObject({ attempts: 1, lastStatus: 204, lastError: null, nextAttemptAt: null });
  expect(new Set(receiver.received.map((one) => one.id))).toEqual(new Set(deliveries.map((one) => one.messageId)));

  await person.deleteVideo({ params: { videoId } });
  await eventually(() => types(receiver).includes('video.deleted'));
  // The log keeps the end of the video, and nothing else of it.
  expect((await log(person, webhookId)).map((one) => [one.event, one.payload])).toEqual([
    ['video.deleted', expect.objectContaining({ data: { videoId } })],
  ]);
});

it('tells only what was asked for, and only the owner', async () => {
  const { receiver } = await subscriber('picky', ['video.ready']);
  await using _ = receiver;
  for (const userId of ['stranger', 'picky']) {
    const person = platform.as({ token: await platform.identity.person(userId, 'creator') });
    const { id } = await person.createVideo({ body: { title: userId, visibility: 'public' } });
    await makeReady(platform, person, id, userId);
  }
  await eventually(() => receiver.received.length > 0);
  expect(types(receiver)).toEqual(['video.ready']);
});

it('tries again under the same message id, and gives up in the end', async () => {
  const { person, receiver, webhookId } = await subscriber('retry');
  await using _ = receiver;
  receiver.answers.push({ status: 500 }, { status: 302, headers: { location: `${receiver.url}/elsewhere` } });
  const test = await person.testWebhook({ params: { webhookId } });
  expect(test).toMatchObject({ event: 'webhook.test', state: 'pending', attempts: 0 });
  const done = await eventually(async () => (await log(person, webhookId)).find((one) => one.state !== 'pending'));
  expect(done).toMatchObject({ id: test.id, state: 'delivered', attempts: 3, lastStatus: 204 });
  expect(receiver.received.map(({ id, path }) => [id, path])).toEqual(
    Array.from({ length: 3 }, () => [test.messageId, '/hook']),
  );

  receiver.answers.push({ status: 500 }, { status: 500 }, { status: 503 });
  const { id } = await person.testWebhook({ params: { webhookId } });
  const failed = await eventually(async () => (await log(person, webhookId)).find((one) => one.state === 'failed'));
  expect(failed).toMatchObject({ id, attempts: 3, lastStatus: 503, lastError: 'The receiver answered 503.' });
});

it('waits as long as the receiver asks', async () => {
  const { person, receiver, webhookId } = await subscriber('patience');
  await using _ = receiver;
  receiver.answers.push({ status: 429, headers: { 'retry-after': '1' } });
  await person.testWebhook({ params: { webhookId } });
  await eventually(() => receiver.received.length === 2);
  const [first, second] = receiver.received;
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
});

it('sends a delivery again when asked to', async () => {
  const { person, receiver, webhookId } = await subscriber('replay');
  await using _ = receiver;
  const { id: deliveryId, messageId } = await person.testWebhook({ params: { webhookId } });
  await eventually(() => receiver.received.length === 1);
  const again = await person.replayDelivery({ params: { webhookId, deliveryId } });
  expect(again).toMatchObject({ messageId, state: 'pending' });
  expect(again.id).not.toBe(deliveryId);
  await eventually(() => receiver.received.length === 2);
  expect(receiver.received[1]).toMatchObject({ id: messageId, message: receiver.received[0]?.message });
});

it('stops for good at 410', async () => {
  const { person, receiver, webhookId } = await subscriber('gone');
  await using _ = receiver;
  receiver.answers.push({ status: 410 });
  await person.testWebhook({ params: { webhookId } });
  await eventually(async () => !(await person.listWebhooks({})).items[0]?.active);
  expect((await person.listWebhooks({})).items[0]?.disabledReason).toContain('410');
  await person.createVideo({ body: { title: 'Unheard' } });
  const { id } = await person.testWebhook({ params: { webhookId } });
  const last = await eventually(async () =>
    (await log(person, webhookId)).find((one) => one.id === id && one.state === 'failed'),
  );
  expect(last.lastError).toContain('disabled');
  expect(await log(person, webhookId)).toHaveLength(2);
  expect(receiver.received).toHaveLength(1);
});

it('drops what is pending when a webhook is deleted', async () => {
  const { person, receiver, webhookId } = await subscriber('fickle');
  await using _ = receiver;
  receiver.answers.push({ status: 503, headers: { 'retry-after': '2' } });
  await person.testWebhook({ params: { webhookId } });
  await eventually(async () => (await log(person, webhookId))[0]?.attempts === 1);
  await person.deleteWebhook({ params: { webhookId } });
  const connection = createRedis(platform.redisUrl);
  const queue = new Queue(deliverWebhook.queue, { connection });
  // The retry runs out of the queue without a call.
  await eventually(async () => (await queue.getDelayedCount()) + (await queue.getWaitingCount()) === 0);
  expect(receiver.received).toHaveLength(1);
  await queue.close();
  connection.disconnect();
});

it('records and sends a try once, although its job comes twice', async () => {
  const { person, receiver, webhookId } = await subscriber('twice');
  await using _ = receiver;
  const { id: deliveryId } = await person.testWebhook({ params: { webhookId } });
  await eventually(async () => (await log(person, webhookId))[0]?.state === 'delivered');
  const connection = createRedis(platform.redisUrl);
  const queue = new Queue(deliverWebhook.queue, { connection });
  await queue.remove(`${deliveryId}-1`);
  const producer = createProducer(deliverWebhook, connection);
  await producer.enqueue({ deliveryId, attempt: 1 });
  await eventually(async () => (await queue.getJob(`${deliveryId}-1`))?.finishedOn);
  expect(receiver.received).toHaveLength(1);
  await producer.close();
  await queue.close();
  connection.disconnect();
});

it('never shows a secret again, nor keeps it readable', async () => {
  const { person, receiver, secret, webhook } = await subscriber('secretive');
  await using _ = receiver;
  expect((await person.listWebhooks({})).items).toEqual([webhook]);
  const headers = { 'idempotency-key': 'same' };
  const body = { url: receiver.url };
  const first = await person.createWebhook({ body }, { headers });
  expect(await person.createWebhook({ body }, { headers })).toEqual(first);
  const rows = await platform.query<{ all: string }>(
    'select webhooks::text as all from webhooks union all select idempotency_keys::text from idempotency_keys',
  );
  for (const row of rows) for (const one of [secret, first.secret]) expect(row.all).not.toContain(one);
});

it('allows twenty webhooks', async () => {
  const person = platform.as({ token: await platform.identity.person('collector', 'viewer') });
  for (let n = 0; n < 20; n++) await person.createWebhook({ body: { url: `http://127.0.0.1:1/${n}` } });
  expect(await problemOf(person.createWebhook({ body: { url: 'http://127.0.0.1:1/' } }))).toBe('409 webhook.too_many');
});

describe('the guard against requests to where nobody should reach', () => {
  const sender = createHttpSender({ allowPrivate: false, clock: () => new Date(), timeoutMs: 5_000 });

  it.each([
    'http://example.com/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:7f00:1]/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://localhost/',
    'https://localhost./',
    'https://a.localhost/',
    'https://10.0.0.1:8443/',
    'ftp://example.com/',
    'https://user:pass@example.com/',
    'nonsense',
  ])('refuses %s', async (url) => {
    expect(sender.refusal(url)).toBeDefined();
    expect(await sender.send({ url, secret: 'whsec_c2VjcmV0', messageId: 'evt_1', body: '{}' })).toMatchObject({
      status: null,
    });
  });

  it('checks the addresses that a name leads to, when it connects', async () => {
    const looked = new Promise((resolve) => guardedLookup('localhost', { all: true }, resolve));
    expect(await looked).toMatchObject({ message: expect.stringMatching(/^(127\.|::1).* is not a public address/) });

    await using receiver = await startReceiver();
    // A name of this machine that is no address and not called localhost.
    const url = `https://${hostname()}:${new URL(receiver.url).port}/`;
    const answer = await sender.send({ url, secret: 'whsec_c2VjcmV0', messageId: 'evt_1', body: '{}' });
    expect(answer.status).toBeNull();
    expect([...receiver.received, ...receiver.refused]).toEqual([]);
  });

  it('gives up on a receiver that does not answer', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const hasty = createHttpSender({ allowPrivate: true, clock: () => new Date(), timeoutMs: 100 });
    expect(
      await hasty.send({ url: `http://127.0.0.1:${port}/`, secret: 'whsec_c2VjcmV0', messageId: 'evt_1', body: '{}' }),
    ).toEqual({ status: null, error: 'No answer within 0.1 s.' });
    silent.close();
  });

  it('refuses such URLs over the API', async () => {
    await using guarded = await startPlatform({ WEBHOOK_ALLOW_PRIVATE: 'false' });
    const person = guarded.as({ token: await guarded.identity.person('ada', 'creator') });
    expect(await problemOf(person.createWebhook({ body: { url: 'http://127.0.0.1:1/' } }))).toBe(
      '400 webhook.url_refused',
    );
    expect((await person.createWebhook({ body: { url: 'https://example.com/' } })).active).toBe(true);
  });
});

it('survives a Redis that lost its memory: what was due is sent', async () => {
  const { person, receiver, webhookId } = await subscriber('amnesia');
  await using _ = receiver;
  receiver.answers.push({ status: 503, headers: { 'retry-after': '1' } });
  await person.testWebhook({ params: { webhookId } });
  await eventually(async () => (await log(person, webhookId))[0]?.attempts === 1);
  const redis = createRedis(platform.redisUrl);
  await redis.flushall();
  redis.disconnect();
  // The relay notices at its next turn, which an event brings about.
  await person.createVideo({ body: { title: 'Wake up' } });
  await eventually(
    async () =>
      (await log(person, webhookId)).every((one) => one.state === 'delivered') && receiver.received.length === 3,
  );
  const { id } = await person.createVideo({ body: { title: 'Life goes on' } });
  const [, started] = eventsOf(id, 'amnesia');
  if (started) await platform.send(started[0], started[1]);
  await eventually(async () => (await person.getVideo({ params: { videoId: id } })).status === 'processing');
});
