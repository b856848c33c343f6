import { BEGINNING_QUEUE, ENCODE_QUEUE, encodeBeginning, encodeChunk } from '@kinora/contracts-transcode';
import { type Redis, createRedis } from '@kinora/jobs';
import { type RedisServer, testRedis } from '@kinora/testing';
import { type Job, Worker } from 'bullmq';
import { createEncodeJobs } from '../src/adapters/bullmq/encode-jobs';
import { type InWork } from '../src/domain/encoding';
import { anEncoding } from './support/plans';

let server: RedisServer;
let connection: Redis;
let jobs: ReturnType<typeof createEncodeJobs>;
let worker: Worker;
let beginnings: Worker;

beforeEach(async () => {
  server = await testRedis();
  connection = createRedis(server.url);
  jobs = createEncodeJobs(connection);
  // Takes jobs by hand, one at a time: what comes next is what a free slot would get.
  worker = new Worker(ENCODE_QUEUE, undefined, { connection, autorun: false });
  beginnings = new Worker(BEGINNING_QUEUE, undefined, { connection, autorun: false });
});
afterEach(async () => {
  await Promise.all([worker, beginnings].map((one) => one.close()));
  await jobs.close();
  connection.disconnect();
  await server.stop();
});

interface Taken {
  readonly encodingId: string;
  readonly name: string;
  /** Of a chunk. */
  readonly index: number | undefined;
}

/** The next jobs that a free slot gets, done at once. */
async function take(count: number, from = worker): Promise<Taken[]> {
  const taken: Taken[] = [];
  for (let n = 0; n < count; n += 1) {
    const job = (await from.getNextJob('hand', { block: false })) as Job | undefined;
    if (!job) break;
    const { payload } = job.data as { payload: { encodingId: string; chunkIndex?: number } };
    taken.push({ encodingId: payload.encodingId, name: job.name, index: payload.chunkIndex });
    await job.moveToCompleted({}, 'hand', false);
  }
  return taken;
}

const chunksOf = (taken: readonly Taken[], { id }: InWork): Taken[] =>
  taken.filter((one) => one.encodingId === id && one.name === encodeChunk.name);

it('begins every video whatever else waits, and ends a short one in the midst of a long one', async () => {
  const long = anEncoding(4_000);
  expect(long.work.plan.chunks.length).toBeGreaterThan(200);
  await jobs.dispatch(long);
  await take(60);

  const short = anEncoding(15);
  await jobs.dispatch(short);
  const begun = [long, short].map(({ id }) => ({ encodingId: id, name: encodeBeginning.name, index: undefined }));
  expect(await take(8, beginnings)).toEqual(begun);
  const next = await take(8);
  // The rest of it before the long one has had five turns.
  expect(chunksOf(next, short).map(({ index }) => index)).toEqual([1]);
  expect(next.filter(({ encodingId }) => encodingId === long.id).length).toBeLessThan(5);
});

it('lets two long videos advance side by side, whenever the second came', async () => {
  const [first, second] = [anEncoding(4_000), anEncoding(1_000)];
  await jobs.dispatch(first);
  await take(80);
  await jobs.dispatch(second);
  const next = await take(40);
  expect(chunksOf(next, first).length).toBeGreaterThanOrEqual(16);
  expect(chunksOf(next, second).length).toBeGreaterThanOrEqual(16);
});

it('does not let short videos that keep coming stop a long one, nor it them', async () => {
  const long = anEncoding(4_000);
  await jobs.dispatch(long);
  await take(20);
  const shorts: InWork[] = [];
  const all: Taken[] = [];
  for (let n = 0; n < 20; n += 1) {
    const short = anEncoding(15);
    shorts.push(short);
    await jobs.dispatch(short);
    all.push(...(await take(6)));
  }
  expect(chunksOf(all, long).length).toBeGreaterThanOrEqual(20);
  for (const short of shorts.slice(0, -1)) expect(chunksOf(all, short)).toHaveLength(1);
});
