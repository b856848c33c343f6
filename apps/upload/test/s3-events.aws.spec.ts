import { AbortMultipartUploadCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { type RunningService } from '@kinora/service';
import {
  backend,
  eventually,
  eventuallyHolds,
  nodeBinary,
  onFreePort,
  startServer,
  workspaceRoot,
} from '@kinora/testing';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { type EventQueue, type EventQueues } from './event-queues';
import { type EventWorld, startEventWorld } from './event-world';
import { MIB, type World, bytes, problem, uploaded } from './harness';
import { startHoldingFront } from './holding-front';

jest.setTimeout(180_000);

let events: EventWorld;
let world: World;
let queues: EventQueues;
let staging: string;
let direct: EventQueue;
let bridged: EventQueue;
let ann: ReturnType<World['as']>;
let base: RunningService;
beforeAll(async () => {
  events = await startEventWorld();
  ({ world, queues } = events);
  ({ staging } = events.buckets);
  base = await world.start();
  ann = world.as(await world.person('ann'));
});
beforeEach(async () => ({ direct, bridged } = await events.subscribe()));
afterEach(async () => {
  await events.silence();
  world.direct(base);
});
afterAll(() => events.stop());

type Uploaded = Awaited<ReturnType<typeof uploaded>>;
const key = (id: string) => `uploads/${id}/source`;
const params = (uploadId: string) => ({ params: { uploadId } });
/** The store joins the parts, and nobody notes that: as if the service had died and the client had heard nothing. */
const joinUnnoticed = async ({ id, parts }: Uploaded): Promise<void> => {
  const { multipart_id, state } = await world.row(id);
  expect(state).toBe('open');
  await world.stores.staging.completeMultipart(key(id), multipart_id, parts);
};
const becomes = (id: string, state: string) =>
  eventuallyHolds(async () => expect((await world.row(id)).state).toBe(state), { timeoutMs: 60_000 });
it.each(['directly', 'through EventBridge'])('an event that comes %s completes the upload', async (way) => {
  const queue = way === 'directly' ? direct : bridged;
  await events.listen(queue);
  const data = bytes(6 * MIB);
  const upload = await uploaded(ann, data);
  await joinUnnoticed(upload);
  await becomes(upload.id, 'completed');
  expect(await world.events(upload.id)).toEqual(['upload.completed.v1']);
  expect((await world.source(upload.videoId, upload.id))?.equals(data)).toBe(true);
  // The client's own completion comes late.
  expect(await ann.completeUpload({ ...params(upload.id), body: { parts: upload.parts } })).toEqual({
    videoId: upload.videoId,
  });
  expect(await world.events(upload.id)).toEqual(['upload.completed.v1']);
  await events.empties(queue);
  expect(await queues.size(queue.dead)).toBe(0);
});

it('duplicates and disorder change nothing, whichever way they come', async () => {
  const [unnoticed, completed, ended] = [
    await uploaded(ann, bytes(6 * MIB)),
    await uploaded(ann, bytes(MIB)),
    await uploaded(ann, bytes(MIB)),
  ];
  await joinUnnoticed(unnoticed);
  await ann.completeUpload({ ...params(completed.id), body: { parts: completed.parts } });
  await joinUnnoticed(ended);
  await ann.abortUpload(params(ended.id));
  const recorded: string[] = [];
  await eventually(async () => {
    for (const { url } of [direct, bridged])
      recorded.push(...(await queues.drain(url)).filter((body) => body.includes('uploads/')));
    return recorded.length >= 6;
  });
  expect(recorded).toHaveLength(6);
  // An event that runs ahead of its upload: the same words, of one that is still being uploaded.
  const early = await uploaded(ann, bytes(MIB));
  const all = [...recorded, ...recorded.map((body) => body.replaceAll(completed.id, early.id))];
  const shuffled = Array.from({ length: 10 }, () => all)
    .flat()
    .map((body) => ({ body, at: Math.random() }))
    .sort((a, b) => a.at - b.at);

  const queue = await queues.create();
  for (const { body } of shuffled) await queues.send(queue.url, body);
  await Promise.all([events.listen(queue), events.listen(queue)]);
  await events.empties(queue);
  expect(await queues.size(queue.dead)).toBe(0);
  await becomes(unnoticed.id, 'completed');
  expect((await world.row(early.id)).state).toBe('open');
  for (const { id } of [unnoticed, completed]) expect(await world.events(id)).toEqual(['upload.completed.v1']);
  expect(await world.events(ended.id)).toEqual(['upload.ended.v1 aborted']);
  expect(await world.events(early.id)).toEqual([]);
  await ann.completeUpload({ ...params(early.id), body: { parts: early.parts } });
  expect(await world.events(early.id)).toEqual(['upload.completed.v1']);
});

it('an object of another size than was declared ends the upload', async () => {
  const upload = await uploaded(ann, bytes(MIB));
  const { multipart_id } = await world.row(upload.id);
  await queues.s3.send(
    new AbortMultipartUploadCommand({ Bucket: staging, Key: key(upload.id), UploadId: multipart_id }),
  );
  await events.listen(direct);
  await queues.s3.send(new PutObjectCommand({ Bucket: staging, Key: key(upload.id), Body: bytes(1_000) }));
  await becomes(upload.id, 'aborted');
  expect(await world.events(upload.id)).toEqual(['upload.ended.v1 aborted']);
  expect(await world.source(upload.videoId, upload.id)).toBeUndefined();
  await expect(ann.completeUpload({ ...params(upload.id), body: { parts: upload.parts } })).rejects.toEqual(
    problem('upload.not_open', 409),
  );
});

it('what concerns nobody is acknowledged, and poison goes to the dead-letter queue', async () => {
  const queue = await queues.create(2);
  const instance = await events.listen(queue, { UPLOAD_WATCH_PREFIX: 'watch/', UPLOAD_WATCH_OWNER_ID: 'ann' });
  const event = (name: string, bucket = staging) =>
    JSON.stringify({
      Records: [
        {
          eventVersion: '2.1',
          eventName: 'ObjectCreated:Put',
          s3: { bucket: { name: bucket }, object: { key: name, size: 1, eTag: 'e' } },
        },
      ],
    });
  const strange = [
    event('uploads/upl_01ARZ3NDEKTSV4RRFFQ69G5FAV/source'),
    event('elsewhere/film.mp4'),
    event('watch/'),
    event('watch/film.mp4', 'another-bucket'),
    event('watch/removed.mp4'),
  ];
  const poison = ['not json', '{"hello":"world"}', event('watch/%zz.mp4')];
  for (const body of [...strange, ...poison]) await queues.send(queue.url, body);
  await eventually(async () => (await queues.size(queue.dead)) === poison.length, { timeoutMs: 60_000 });
  expect((await queues.drain(queue.dead)).sort()).toEqual([...poison].sort());
  await events.empties(queue);
  const numbers = await (await fetch(`${instance.url}/metrics`)).text();
  expect(numbers).toMatch(/upload_arrivals_total\{.*result="refused",code="upload.not_found".*\} 1/);
  expect(numbers).toMatch(/upload_arrivals_total\{.*result="ignored",code="arrival.not_watched".*\} 2/);
  expect(numbers).toMatch(/upload_arrivals_total\{.*result="ignored",code="arrival.other_bucket".*\} 1/);
  expect(numbers).toMatch(/upload_arrivals_total\{.*result="ignored",code="watch.gone".*\} 1/);
});

it('a service that is killed between the store’s completion and its own commit loses nothing', async () => {
  await promisify(execFile)(nodeBinary(), ['tools/build/service.mjs', 'upload'], { cwd: workspaceRoot });
  const front = await startHoldingFront(backend('aws').endpoint);
  const { child, url } = await onFreePort(async (port) => {
    const url = `http://127.0.0.1:${port}`;
    const child = await startServer({
      name: 'upload',
      command: nodeBinary(),
      args: [path.join(workspaceRoot, 'dist/apps/upload/main.js')],
      env: {
        ...process.env,
        ...world.environment,
        ...{ PORT: String(port), S3_ENDPOINT: front.url, UPLOAD_EVENTS_QUEUE_URL: direct.url, LOG_LEVEL: 'warn' },
      },
      ready: async () => (await fetch(`${url}/healthz`)).ok,
    });
    return { child, url };
  });
  world.direct({ url });
  const data = bytes(6 * MIB);
  const upload = await uploaded(ann, data);
  front.holdCompletions();
  const completion = ann.completeUpload({ ...params(upload.id), body: { parts: upload.parts } }).catch(() => 'cut off');
  await front.held;
  expect(await world.stores.staging.head(key(upload.id))).toMatchObject({ size: data.length });
  expect((await world.row(upload.id)).state).toBe('completing');
  child.kill('SIGKILL');
  await child.exited;
  expect(await completion).toBe('cut off');

  await events.listen(direct);
  await becomes(upload.id, 'completed');
  expect(await world.events(upload.id)).toEqual(['upload.completed.v1']);
  expect((await world.source(upload.videoId, upload.id))?.equals(data)).toBe(true);
  await front.stop();
});
