import { uploadCompleted } from '@kinora/contracts-upload';
import { consumeEvents, createRedis, on } from '@kinora/jobs';
import { createLogger, createMetrics } from '@kinora/service';
import { checksumOf } from '@kinora/storage';
import { eventually } from '@kinora/testing';
import { MIB, PART, type World, bytes, problem, put, putParts, sha256, startWorld, uploaded } from './harness';

jest.setTimeout(120_000);

let world: World;
let ann: ReturnType<World['as']>;
let bob: ReturnType<World['as']>;
beforeAll(async () => {
  world = await startWorld();
  await world.start();
  ann = world.as(await world.person('ann'));
  bob = world.as(await world.person('bob'));
});
afterAll(() => world.stop());

const params = (uploadId: string) => ({ params: { uploadId } });
const file = { filename: 'clip.mp4', size: 12 * MIB, contentType: 'video/mp4' };

it('brings a file in parts to the raw store, and says so once', async () => {
  const received: unknown[] = [];
  const connection = createRedis(world.redis.url);
  const subscriber = consumeEvents('transcode', [on(uploadCompleted, async (data) => received.push(data))], {
    connection,
    metrics: createMetrics('test'),
    logger: createLogger('test', 'silent'),
  });
  const data = bytes(12 * MIB);
  const { id, videoId, partCount, partSize } = await ann.createUpload({
    body: { ...file, filename: '../My_film.mp4' },
  });
  expect({ partCount, partSize }).toEqual({ partCount: 3, partSize: PART });
  expect(world.neighbours.registrations.at(-1)).toEqual({ videoId, title: 'My film', existing: false });
  const parts = await putParts(ann, id, data, [3, 1, 2]);
  expect(parts.map((part) => part.status)).toEqual([200, 200, 200]);
  expect(await ann.getUpload(params(id))).toMatchObject({
    state: 'open',
    filename: 'My_film.mp4',
    parts: [
      { partNumber: 1, size: PART },
      { partNumber: 2, size: PART },
      { partNumber: 3, size: 2 * MIB },
    ],
  });
  const complete = () => ann.completeUpload({ ...params(id), body: { parts } });
  expect(await complete()).toEqual({ videoId });
  expect(await complete()).toEqual({ videoId });
  expect((await world.source(videoId, id))?.equals(data)).toBe(true);
  expect(await ann.getUpload(params(id))).toMatchObject({ state: 'completed', parts: [] });
  expect(await world.events(id)).toEqual(['upload.completed.v1']);
  await eventually(() => received.length > 0);
  expect(received).toEqual([
    expect.objectContaining({ uploadId: id, videoId, sourceKey: `sources/${videoId}/${id}`, size: data.length }),
  ]);
  await subscriber.close();
  connection.disconnect();
});

it('goes on where it stopped', async () => {
  const data = bytes(12 * MIB);
  const { id, videoId } = await ann.createUpload({ body: file });
  await putParts(ann, id, data, [2]);
  const { parts: held } = await ann.getUpload(params(id));
  expect(held.map((part) => part.partNumber)).toEqual([2]);
  const rest = await putParts(ann, id, data, [1, 3]);
  await ann.completeUpload({ ...params(id), body: { parts: [...held, ...rest] } });
  expect((await world.source(videoId, id))?.equals(data)).toBe(true);
});

it('names what is missing or different, and the upload stays open', async () => {
  const data = bytes(12 * MIB);
  const { id } = await ann.createUpload({ body: file });
  const [first] = await putParts(ann, id, data, [1]);
  const complete = (parts: { partNumber: number; etag: string }[]) =>
    ann.completeUpload({ ...params(id), body: { parts } });
  const missing = { code: 'upload.part_missing', status: 422, message: expect.stringContaining('2, 3') };
  await expect(complete([first!])).rejects.toEqual(expect.objectContaining(missing));
  const rest = await putParts(ann, id, data, [2, 3]);
  await expect(complete([first!, rest[0]!, { partNumber: 3, etag: '"other"' }])).rejects.toEqual(
    problem('upload.part_mismatch', 422),
  );
  expect(await world.events(id)).toEqual([]);
  await complete([first!, ...rest]);
});

it('takes only the bytes whose checksum was signed', async () => {
  const data = bytes(6 * MIB);
  for (const algorithm of ['sha256', 'crc32'] as const) {
    const { id, videoId } = await ann.createUpload({ body: { ...file, size: data.length, checksum: algorithm } });
    const sums = {
      1: checksumOf(algorithm, data.subarray(0, PART)).value,
      2: checksumOf(algorithm, data.subarray(PART)).value,
    };
    const sign = (checksums?: Record<string, string>) =>
      ann.signParts({ ...params(id), body: { partNumbers: [1], ...(checksums && { checksums }) } });
    await expect(sign()).rejects.toEqual(problem('upload.checksum_missing', 400));
    await expect(sign({ 1: 'not a checksum' })).rejects.toEqual(problem('request.invalid', 400));
    const { parts } = await sign(sums);
    expect(await put(parts[0]!, bytes(PART))).toMatchObject({ status: 400 });
    expect((await ann.getUpload(params(id))).parts).toEqual([]);
    const good = await putParts(ann, id, data, [1, 2], sums);
    await ann.completeUpload({
      ...params(id),
      body: { parts: good.map((part) => ({ ...part, checksum: sums[part.partNumber as 1 | 2] })) },
    });
    expect(sha256((await world.source(videoId, id)) ?? Buffer.alloc(0))).toBe(sha256(data));
  }
});

it('completes once when asked many times at once', async () => {
  const data = bytes(11 * MIB);
  const { id, videoId, parts } = await uploaded(ann, data);
  const other = await world.start();
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => ann.completeUpload({ ...params(id), body: { parts } })),
  );
  expect(answers).toEqual(Array.from({ length: 6 }, () => ({ videoId })));
  expect(await world.events(id)).toEqual(['upload.completed.v1']);
  expect((await world.source(videoId, id))?.equals(data)).toBe(true);
  await world.kill(other);
  await world.start();
});

describe('a signed URL', () => {
  it('is of no use for other bytes, another part, after expiry, or after completion', async () => {
    const data = bytes(6 * MIB);
    const { id, videoId, parts } = await uploaded(ann, data);
    const { parts: signed } = await ann.signParts({ ...params(id), body: { partNumbers: [1] } });
    const [part] = signed;
    expect((await put(part!, bytes(PART - 1))).status).toBe(400);
    const tampered = (from: string, to: string) =>
      put({ ...part!, url: part!.url.replace(from, to) }, data.subarray(0, PART));
    expect((await tampered('part=1', 'part=2')).status).toBe(403);
    expect((await tampered(id, `${id.slice(0, -1)}0`)).status).toBe(403);
    await ann.completeUpload({ ...params(id), body: { parts } });
    expect((await put(part!, bytes(PART))).status).toBe(404);
    expect((await world.source(videoId, id))?.equals(data)).toBe(true);
    await expect(ann.signParts({ ...params(id), body: { partNumbers: [1] } })).rejects.toEqual(
      problem('upload.not_open', 409),
    );
  });

  it('expires, and a fresh one is given', async () => {
    const brief = await world.start({ UPLOAD_PART_URL_SECONDS: '1' });
    const data = bytes(MIB);
    const { id } = await ann.createUpload({ body: { ...file, size: data.length } });
    const { parts } = await ann.signParts({ ...params(id), body: { partNumbers: [1] } });
    await eventually(() => Date.parse(parts[0]!.expiresAt) < Date.now() - 1_000);
    expect((await put(parts[0]!, data)).status).toBe(403);
    expect((await putParts(ann, id, data, [1]))[0]?.status).toBe(200);
    await world.kill(brief);
    await world.start();
  });

  it('is given for parts of the file only', async () => {
    const { id } = await ann.createUpload({ body: file });
    await expect(ann.signParts({ ...params(id), body: { partNumbers: [4] } })).rejects.toEqual(
      problem('upload.part_number_invalid', 400),
    );
    await expect(ann.signParts({ ...params(id), body: { partNumbers: [1], checksums: { 1: 'x' } } })).rejects.toEqual(
      problem('request.invalid', 400),
    );
  });
});

it('is nobody else’s business, but an admin’s', async () => {
  const { id, parts } = await uploaded(ann, bytes(MIB));
  const refusal = problem('upload.not_found', 404);
  await expect(bob.getUpload(params(id))).rejects.toEqual(refusal);
  await expect(bob.signParts({ ...params(id), body: { partNumbers: [1] } })).rejects.toEqual(refusal);
  await expect(bob.completeUpload({ ...params(id), body: { parts } })).rejects.toEqual(refusal);
  await expect(bob.abortUpload(params(id))).rejects.toEqual(refusal);
  await expect(bob.getUpload(params('upl_unknown'))).rejects.toEqual(refusal);
  const admin = world.as(await world.person('admin', 'admin'));
  expect(await admin.getUpload(params(id))).toMatchObject({ id });
});

it('refuses what it does not take, and whom', async () => {
  const create = (changes: object) => ann.createUpload({ body: { ...file, ...changes } });
  await expect(create({ size: 0 })).rejects.toEqual(problem('upload.empty', 400));
  await expect(create({ size: 1024 ** 4 })).rejects.toEqual(problem('upload.too_large', 413));
  await expect(create({ contentType: 'text/plain' })).rejects.toEqual(problem('upload.type_refused', 415));
  await expect(create({ size: -1 })).rejects.toEqual(problem('request.invalid', 400));
  const viewer = world.as(await world.person('viewer', 'viewer'));
  await expect(viewer.createUpload({ body: file })).rejects.toEqual(problem('auth.forbidden', 403));
  world.neighbours.apiKeys.set('reader', {
    kind: 'api-key',
    keyId: 'k',
    userId: 'u',
    roles: ['creator'],
    scopes: ['videos:read'],
  });
  world.neighbours.apiKeys.set('writer', {
    kind: 'api-key',
    keyId: 'k',
    userId: 'u',
    roles: ['creator'],
    scopes: ['uploads:write'],
  });
  await expect(world.asKey('reader').createUpload({ body: file })).rejects.toEqual(problem('auth.forbidden', 403));
  await expect(world.asKey('unknown').createUpload({ body: file })).rejects.toEqual(problem('auth.token_invalid', 401));
  await world.asKey('writer').createUpload({ body: file });
});

it('fills an own draft, one upload at a time, and nobody else’s', async () => {
  const videoId = 'vid_01ARZ3NDEKTSV4RRFFQ69G5FAV';
  const create = (who: typeof ann) => who.createUpload({ body: { ...file, videoId } });
  await expect(create(bob)).rejects.toEqual(problem('video.not_found', 404));
  expect(await world.sql('select 1 from upload.uploads where video_id = $1', [videoId])).toEqual([]);
  expect(await world.sql("select 1 from upload.outbox where data->>'videoId' = $1", [videoId])).toEqual([]);
  world.neighbours.drafts.add(videoId);
  const { id } = await create(ann);
  await expect(create(ann)).rejects.toEqual(problem('upload.video_busy', 409));
  await ann.abortUpload(params(id));
  await create(ann);
});

it('limits what one person may leave unfinished', async () => {
  const strict = await world.start({ UPLOAD_MAX_OPEN: '2', UPLOAD_MAX_OPEN_BYTES: String(30 * MIB) });
  const carl = world.as(await world.person('carl'));
  const results = await Promise.allSettled(Array.from({ length: 5 }, () => carl.createUpload({ body: file })));
  expect(results.filter((one) => one.status === 'fulfilled')).toHaveLength(2);
  await expect(carl.createUpload({ body: file })).rejects.toEqual(problem('upload.quota_exceeded', 429));
  const dora = world.as(await world.person('dora'));
  await expect(dora.createUpload({ body: { ...file, size: 31 * MIB } })).rejects.toEqual(
    problem('upload.quota_exceeded', 429),
  );
  await world.kill(strict);
  await world.start();
});

it('answers the same when a creation is repeated with its key', async () => {
  const body = { ...file, filename: 'repeated.mp4' };
  const create = () => ann.createUpload({ body }, { headers: { 'idempotency-key': 'k-1' } });
  expect(await create()).toEqual(await create());
});

it('takes back what it began when catalog does not answer', async () => {
  world.neighbours.setDown(true);
  await expect(ann.createUpload({ body: { ...file, filename: 'unlucky.mp4' } })).rejects.toEqual(
    problem('service.unavailable', 503),
  );
  world.neighbours.setDown(false);
  const [row] = await world.sql<{ id: string; state: string }>(
    "select id, state from upload.uploads where filename = 'unlucky.mp4'",
  );
  expect(row?.state).toBe('aborted');
  expect(await world.events(row?.id ?? '')).toEqual(['upload.ended.v1 aborted']);
});
