import { backend, testBuckets } from '@kinora/testing';
import { randomBytes } from 'node:crypto';
import { createS3Store, type ObjectStore } from '../src';
import { MIB, read } from '../src/conformance/helpers';
import { type Fault, type ObservedS3, startObservedS3 } from './support/observed-s3';

const { endpoint, region, ...credentials } = backend('s3');
const contentType = 'video/mp4';

let s3: ObservedS3;
let bucket: string;
let store: ObjectStore;
/** Each store has a client, and so a budget, of its own. */
const newStore = () => {
  const settings = { region, credentials, forcePathStyle: true, idleTimeoutMs: 1_000 };
  return createS3Store({ ...settings, endpoint: s3.url, name: 'staging', bucket });
};
beforeAll(async () => {
  s3 = await startObservedS3(endpoint);
  bucket = (await testBuckets(backend('s3'))).staging;
  store = newStore();
});
beforeEach(() => {
  s3.fail(() => undefined);
  s3.forget();
});
afterAll(async () => {
  await store.close();
  await s3.stop();
});

const first =
  (fault: Fault, times: number) =>
  (count: number): Fault | undefined =>
    count <= times ? fault : undefined;

it.each(['SlowDown', 'InternalError', 'broken connection'] as const)('is asked again after: %s', async (fault) => {
  const body = randomBytes(2 * MIB);
  s3.fail(first(fault, 2));
  await store.put('again', body, { contentType });
  s3.fail(first(fault, 1));
  expect((await read(store, 'again')).equals(body)).toBe(true);
  expect(s3.seen.filter(({ method }) => method === 'PUT')).toHaveLength(3);
});

it('loses and spoils nothing while every request fails once, and many twice', async () => {
  const faults: Fault[] = ['SlowDown', 'InternalError', 'broken connection'];
  s3.fail((count, ofTheSame) => (ofTheSame <= 1 + (count % 2) ? faults[count % 3] : undefined));
  const files = Array.from({ length: 30 }, (_, n) => ({ key: `unwell/${n}`, body: randomBytes(n * 10_000) }));
  for (let at = 0; at < files.length; at += 5)
    await Promise.all(files.slice(at, at + 5).map(({ key, body }) => store.put(key, body, { contentType })));
  for (const { key, body } of files) expect((await read(store, key)).equals(body)).toBe(true);
  expect(await store.deletePrefix('unwell/')).toBe(files.length);
}, 60_000);

it.each(['broken body', 'silence'] as const)(
  'goes on where it stopped after: %s',
  async (fault) => {
    const body = randomBytes(4 * MIB);
    await store.put('long', body, { contentType });
    s3.forget();
    s3.fail(first(fault, 2));
    expect((await read(store, 'long')).equals(body)).toBe(true);
    const [, second, third] = s3.seen.map(({ headers }) => headers);
    expect(s3.seen).toHaveLength(3);
    const from = Number(/^bytes=(\d+)-/.exec(second?.range ?? '')?.[1]);
    expect(from).toBeGreaterThan(0);
    expect(Number(/^bytes=(\d+)-/.exec(third?.range ?? '')?.[1])).toBeGreaterThan(from);
    expect(second?.['if-match']).toMatch(/^".+"$/);

    s3.fail(first(fault, 1));
    const part = await store.get('long', { range: { start: MIB, end: 3 * MIB } });
    expect(Buffer.concat(await part.body.toArray()).equals(body.subarray(MIB, 3 * MIB + 1))).toBe(true);
  },
  60_000,
);

it('mixes no two versions of an object', async () => {
  await store.put('changed', randomBytes(4 * MIB), { contentType });
  s3.fail(first('silence', 1));
  const { body } = await store.get('changed');
  const reading = body.toArray();
  await store.put('changed', randomBytes(4 * MIB), { contentType });
  await expect(reading).rejects.toMatchObject({ code: 'store.precondition_failed' });
});

it('gives a body up that breaks again and again, and says so', async () => {
  await store.put('hopeless', randomBytes(MIB), { contentType });
  s3.fail((count) => (count === 1 ? 'silence' : 'broken connection'));
  await expect(read(store, 'hopeless')).rejects.toMatchObject({ code: 'store.unavailable' });
}, 60_000);

it('stops waiting for bytes when the reader goes', async () => {
  await store.put('left', randomBytes(MIB), { contentType });
  s3.fail(first('silence', 1));
  const { body } = await store.get('left');
  body.resume();
  body.destroy();
  await new Promise((resolve) => body.once('close', resolve));
  expect(s3.seen.filter(({ method }) => method === 'GET')).toHaveLength(1);
});

it('is given up within a budget that all requests share, each after its own while', async () => {
  const unlucky = newStore();
  s3.fail(() => 'SlowDown');
  await expect(unlucky.head('again')).rejects.toMatchObject({ code: 'store.unavailable' });
  const attempts = s3.seen.length;
  expect(attempts).toBeGreaterThan(1);
  expect(attempts).toBeLessThanOrEqual(4);

  s3.forget();
  const crowd = Array.from({ length: 60 }, (_, n) => `crowd/${n}`);
  await Promise.allSettled(crowd.map((key) => unlucky.head(key)));
  // Without a budget they would be 60 times as many as one alone.
  expect(s3.seen.length).toBeLessThan(60 * attempts);
  const waits = crowd.flatMap((key) => {
    const [one, two] = s3.seen.filter(({ path }) => path.endsWith(key));
    return one && two ? [two.at - one.at] : [];
  });
  await unlucky.close();
  expect(waits.length).toBeGreaterThan(10);
  expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(20);
}, 60_000);
