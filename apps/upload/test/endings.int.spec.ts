import { videoDeleted } from '@kinora/contracts-catalog';
import { createDatabase, createOutbox, migrate, rollBack } from '@kinora/database';
import { createRedis, startRelay } from '@kinora/jobs';
import { ConfigError, createLogger } from '@kinora/service';
import { eventually, testDatabase } from '@kinora/testing';
import { migrations } from '../migrations';
import { readConfig } from '../src/config';
import { MIB, type World, bytes, problem, put, putParts, startWorld, uploaded } from './harness';

jest.setTimeout(120_000);

let world: World;
let ann: ReturnType<World['as']>;
beforeAll(async () => {
  world = await startWorld();
  await world.start();
  ann = world.as(await world.person('ann'));
});
afterAll(() => world.stop());

const params = (uploadId: string) => ({ params: { uploadId } });
const file = { filename: 'clip.mp4', size: 12 * MIB, contentType: 'video/mp4' };
const multiparts = async (): Promise<string[]> => {
  const ids: string[] = [];
  for await (const { multipartId } of world.stores.staging.listMultiparts()) ids.push(multipartId);
  return ids;
};
const ended = (id: string) => eventually(async () => (await world.row(id)).cleaned_at !== null);

it('is aborted by its owner, and leaves nothing', async () => {
  const { id } = await ann.createUpload({ body: file });
  const [part] = await putParts(ann, id, bytes(12 * MIB), [1]);
  const { multipart_id } = await world.row(id);
  expect(await multiparts()).toContain(multipart_id);
  const { parts: signed } = await ann.signParts({ ...params(id), body: { partNumbers: [2] } });
  await ann.abortUpload(params(id));
  await ann.abortUpload(params(id));
  expect(await multiparts()).not.toContain(multipart_id);
  expect((await put(signed[0]!, bytes(5 * MIB))).status).toBe(404);
  expect(await world.events(id)).toEqual(['upload.ended.v1 aborted']);
  expect(await ann.getUpload(params(id))).toMatchObject({ state: 'aborted', parts: [] });
  await expect(ann.completeUpload({ ...params(id), body: { parts: [part!] } })).rejects.toEqual(
    problem('upload.not_open', 409),
  );
});

it('can’t be aborted once it is complete', async () => {
  const { id, videoId, parts } = await uploaded(ann, bytes(MIB));
  await ann.completeUpload({ ...params(id), body: { parts } });
  await expect(ann.abortUpload(params(id))).rejects.toEqual(problem('upload.not_open', 409));
  expect(await world.source(videoId, id)).toBeDefined();
});

it('is abandoned when its time is up, by one sweeper of several', async () => {
  const brief = await Promise.all(
    [1, 2].map(() => world.start({ UPLOAD_TTL_SECONDS: '1', UPLOAD_SWEEP_SECONDS: '1' })),
  );
  const { id } = await ann.createUpload({ body: file });
  const { multipart_id } = await world.row(id);
  await ended(id);
  expect(await world.events(id)).toEqual(['upload.ended.v1 abandoned']);
  expect(await multiparts()).not.toContain(multipart_id);
  expect(await ann.getUpload(params(id))).toMatchObject({ state: 'expired' });
  await expect(ann.signParts({ ...params(id), body: { partNumbers: [1] } })).rejects.toEqual(
    problem('upload.not_open', 409),
  );
  await Promise.all(brief.map((service) => world.kill(service)));
  await world.start();
});

it('sweeps what creations that died half-way have left, and tells nobody of a draft', async () => {
  const half = (id: string, draft: boolean) =>
    world.sql(
      `insert into upload.uploads (id, video_id, owner_id, state, protocol, filename, content_type, size, part_size, part_count, takes_draft, created_at, expires_at)
       values ($1, 'vid_01ARZ3NDEKTSV4RRFFQ69G5FA' || $2, 'u', 'open', 'multipart', 'f', 'video/mp4', 1, 1, 1, $3, now() - interval '1 hour', now() + interval '1 day')`,
      [id, draft ? 'A' : 'B', draft],
    );
  await half('upl_01ARZ3NDEKTSV4RRFFQ69G5FAA', true);
  await half('upl_01ARZ3NDEKTSV4RRFFQ69G5FAB', false);
  const sweeper = await world.start({ UPLOAD_SWEEP_SECONDS: '1' });
  await ended('upl_01ARZ3NDEKTSV4RRFFQ69G5FAB');
  expect(await world.events('upl_01ARZ3NDEKTSV4RRFFQ69G5FAB')).toEqual(['upload.ended.v1 abandoned']);
  expect(await world.sql("select 1 from upload.uploads where id = 'upl_01ARZ3NDEKTSV4RRFFQ69G5FAA'")).toEqual([]);
  expect(await world.events('upl_01ARZ3NDEKTSV4RRFFQ69G5FAA')).toEqual([]);
  await world.kill(sweeper);
  await world.start();
});

it('goes with its video', async () => {
  const done = await uploaded(ann, bytes(MIB));
  await ann.completeUpload({ ...params(done.id), body: { parts: done.parts } });
  const open = await uploaded(ann, bytes(MIB));
  const { multipart_id } = await world.row(open.id);
  // The event comes as catalog sends it: from an outbox, by a relay.
  const db = createDatabase({ settings: { DATABASE_URL: world.database.url }, schema: 'catalog' });
  await migrate(db, [migrations[0]!]);
  const redis = createRedis(world.redis.url);
  const relay = startRelay(db, redis, createLogger('test', 'silent'));
  const publish = (videoId: string) =>
    db.transaction((trx) => createOutbox('catalog').publish(trx, videoDeleted, { videoId, ownerId: 'u' }));
  await Promise.all([publish(done.videoId), publish(open.videoId)]);
  await eventually(async () => (await world.source(done.videoId, done.id)) === undefined);
  await ended(open.id);
  expect(await multiparts()).not.toContain(multipart_id);
  expect(await world.events(open.id)).toEqual([]);
  await expect(ann.completeUpload({ ...params(open.id), body: { parts: open.parts } })).rejects.toEqual(
    problem('upload.not_open', 409),
  );
  await relay.close();
  redis.disconnect();
  await db.close();
});

describe('a completion that died', () => {
  const key = (id: string) => `uploads/${id}/source`;
  const steps: [string, (upload: Awaited<ReturnType<typeof uploaded>>, multipartId: string) => Promise<unknown>][] = [
    ['before the parts were joined', () => Promise.resolve()],
    [
      'after the parts were joined',
      ({ id, parts }, multipartId) => world.stores.staging.completeMultipart(key(id), multipartId, parts),
    ],
    [
      'after the source was moved',
      async ({ id, videoId, parts }, multipartId) => {
        await world.stores.staging.completeMultipart(key(id), multipartId, parts);
        await world.stores.raw.moveFrom(world.stores.staging, key(id), `sources/${videoId}/${id}`);
      },
    ],
  ];

  it.each(steps)('%s is finished by the next start, or a repeat', async (_, reach) => {
    const data = bytes(6 * MIB);
    const [upload, repeated] = [await uploaded(ann, data), await uploaded(ann, data)];
    for (const one of [upload, repeated]) {
      const { multipart_id } = await world.row(one.id);
      await world.sql(
        "update upload.uploads set state = 'completing', parts = $2, lease_token = 'dead', lease_until = now() + interval '2 seconds' where id = $1",
        [one.id, JSON.stringify(one.parts)],
      );
      await reach(one, multipart_id);
    }
    const second = await world.start();
    await ann.completeUpload({ ...params(repeated.id), body: { parts: repeated.parts } });
    for (const one of [upload, repeated]) {
      await eventually(async () => (await world.row(one.id)).state === 'completed');
      expect(await world.events(one.id)).toEqual(['upload.completed.v1']);
      expect((await world.source(one.videoId, one.id))?.equals(data)).toBe(true);
    }
    await world.kill(second);
    await world.start();
  });

  it('whose bytes are gone ends the upload instead of trying for ever', async () => {
    const { id, parts } = await uploaded(ann, bytes(MIB));
    const { multipart_id } = await world.row(id);
    await world.stores.staging.abortMultipart(key(id), multipart_id);
    await world.sql("update upload.uploads set state = 'completing', parts = $2 where id = $1", [
      id,
      JSON.stringify(parts),
    ]);
    await expect(ann.completeUpload({ ...params(id), body: { parts } })).rejects.toEqual(
      expect.objectContaining({ code: expect.stringMatching(/upload\.(lost|not_open)/) }),
    );
    expect(await world.events(id)).toEqual(['upload.ended.v1 aborted']);
  });
});

test('migrations go up, down and up again', async () => {
  await using database = await testDatabase();
  const db = createDatabase({ settings: { DATABASE_URL: database.url }, schema: 'upload' });
  const names = migrations.map((one) => one.name);
  expect(await migrate(db, migrations)).toEqual(names);
  await rollBack(db, migrations);
  expect(await migrate(db, migrations)).toEqual(names);
  await db.close();
});

test('the configuration names what events of a bucket lack', () => {
  const whole = {
    ...world.environment,
    ...{ STORAGE_DRIVER: 's3', AWS_REGION: 'us-east-1', S3_BUCKET_STAGING: 'aaa', S3_BUCKET_RAW: 'bbb' },
    S3_BUCKET_DISTRIBUTION: 'ccc',
  };
  const watch = { UPLOAD_WATCH_PREFIX: 'watch/', UPLOAD_WATCH_OWNER_ID: 'ann' };
  const queue = { UPLOAD_EVENTS_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/1/events' };
  expect(readConfig({ ...whole, ...queue, ...watch })).toMatchObject({ ...queue, ...watch });
  expect(() => readConfig({ ...world.environment, ...queue })).toThrow(/UPLOAD_EVENTS_QUEUE_URL: only the s3 driver/);
  expect(() => readConfig({ ...whole, UPLOAD_WATCH_PREFIX: 'watch/' })).toThrow(
    /UPLOAD_EVENTS_QUEUE_URL is required[\s\S]*UPLOAD_WATCH_OWNER_ID is required/,
  );
  for (const UPLOAD_WATCH_PREFIX of ['watch', '/watch/', 'uploads/', 'uploads/watch/', '/'])
    expect(() => readConfig({ ...whole, ...queue, ...watch, UPLOAD_WATCH_PREFIX })).toThrow(/UPLOAD_WATCH_PREFIX/);
});

test('the configuration names all that is wrong', () => {
  expect(() => readConfig({ STORAGE_DRIVER: 'tape' })).toThrow(ConfigError);
  expect(() => readConfig({ STORAGE_DRIVER: 'tape' })).toThrow(
    /DATABASE_URL[\s\S]*STORAGE_DRIVER[\s\S]*KINORA_CATALOG_URL/,
  );
});
