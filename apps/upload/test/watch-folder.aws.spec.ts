import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type RunningService } from '@kinora/service';
import { createForeignStaging, storageConfigShape, type ObjectStore } from '@kinora/storage';
import { eventually, eventuallyHolds } from '@kinora/testing';
import { z } from 'zod';
import { type EventQueue, type EventQueues } from './event-queues';
import { type EventWorld, startEventWorld } from './event-world';
import { MIB, type World, bytes } from './harness';

jest.setTimeout(180_000);

// Its server, by which the suite is known to need it: backend('aws').
let events: EventWorld;
let world: World;
let queues: EventQueues;
let staging: string;
let foreign: ObjectStore;
let direct: EventQueue;
let bridged: EventQueue;
beforeAll(async () => {
  events = await startEventWorld();
  ({ world, queues } = events);
  ({ staging } = events.buckets);
  const config = z.object(storageConfigShape).parse(events.buckets.environment);
  foreign = createForeignStaging({ ...config, KINORA_PUBLIC_URL: world.publicUrl });
});
beforeEach(async () => ({ direct, bridged } = await events.subscribe(20)));
afterEach(() => events.silence());
afterAll(async () => {
  await events.stop();
  await foreign.close();
});

const watching = (queue: EventQueue = direct, extra: Record<string, string> = {}): Promise<RunningService> =>
  events.listen(queue, { UPLOAD_WATCH_PREFIX: 'watch/', UPLOAD_WATCH_OWNER_ID: 'newsroom', ...extra });
const put = (Key: string, Body: Buffer | string, ContentType?: string) =>
  queues.s3.send(new PutObjectCommand({ Bucket: staging, Key, Body, ContentType }));
const isThere = async (key: string) => (await foreign.head(key)) !== undefined;
const empties = (queue: EventQueue = direct) => events.empties(queue);

interface Taken {
  id: string;
  video_id: string;
  owner_id: string;
  state: string;
  filename: string;
}
/** Uploads of the file of that name, oldest first. */
const uploadsOf = (filename: string) =>
  world.sql<Taken>(
    'select id, video_id, owner_id, state, filename from upload.uploads where filename = $1 order by id',
    [filename],
  );
/** The only upload of that file, once it is complete. */
const taken = (filename: string) =>
  eventually(
    async () => {
      const found = await uploadsOf(filename);
      expect(found.map(({ state }) => state)).toEqual(['completed']);
      return found[0];
    },
    { timeoutMs: 60_000 },
  );
const arrivals = async ({ url }: RunningService, result: string, code: string): Promise<number> => {
  const line = new RegExp(`upload_arrivals_total\\{.*result="${result}",code="${code}".*\\} (\\d+)`);
  return Number(line.exec(await (await fetch(`${url}/metrics`)).text())?.[1] ?? 0);
};

it.each([
  ['directly', 'watch/Sommer 2026/Käse + Brot (1) 100%.mp4', 'Käse + Brot (1) 100%'],
  ['through EventBridge', 'watch/映画+%41 ½.mov', '映画+%41 ½'],
])('an object without a sidecar, announced %s, becomes a video', async (way, key, title) => {
  const queue = way === 'directly' ? direct : bridged;
  await watching(queue);
  const data = bytes(6 * MIB);
  await put(key, data, 'video/mp4');
  const upload = await taken(key.slice(key.lastIndexOf('/') + 1));
  expect(world.neighbours.videos.get(upload.video_id)).toMatchObject({ ownerId: 'newsroom', title });
  expect(await world.events(upload.id)).toEqual(['upload.completed.v1']);
  expect((await world.source(upload.video_id, upload.id))?.equals(data)).toBe(true);
  await empties(queue);
  expect(await isThere(key)).toBe(false);
  expect(await queues.size(queue.dead)).toBe(0);
});

it('a sidecar that was there before says what the video is, and goes with it', async () => {
  await watching();
  const details = { title: 'Der Film', description: 'Über Käse', tags: ['käse', 'brot'], visibility: 'unlisted' };
  await put('watch/a film.mp4.json', JSON.stringify({ ...details, ownerId: 'ann' }));
  await empties();
  await put('watch/a film.mp4', bytes(MIB));
  const { id, video_id, owner_id } = await taken('a film.mp4');
  expect(owner_id).toBe('ann');
  expect(world.neighbours.videos.get(video_id)).toMatchObject({ ...details, ownerId: 'ann', version: 1 });
  await empties();
  expect(await world.events(id)).toEqual(['upload.completed.v1']);
  expect([await isThere('watch/a film.mp4'), await isThere('watch/a film.mp4.json')]).toEqual([false, false]);
});

it('a sidecar that comes later describes the video that was made without, once; another waits for the next', async () => {
  await watching();
  const [key, sidecar] = ['watch/later.mp4', 'watch/later.mp4.json'];
  await put(key, bytes(MIB));
  const { video_id } = await taken('later.mp4');
  await empties();
  await put(sidecar, '{"title":"Said later","tags":["late"]}');
  await empties();
  const said = { title: 'Said later', tags: ['late'], ownerId: 'newsroom' };
  expect(world.neighbours.videos.get(video_id)).toMatchObject({ ...said, version: 2 });
  expect(await isThere(sidecar)).toBe(false);

  await put(sidecar, '{"title":"The next"}');
  await empties();
  expect(world.neighbours.videos.get(video_id)).toMatchObject(said);
  await put(key, bytes(MIB));
  const next = await eventually(async () => (await uploadsOf('later.mp4'))[1]);
  await eventually(() => world.neighbours.videos.get(next.video_id)?.title === 'The next');
  await empties();
  expect(await isThere(sidecar)).toBe(false);
});

it('a sidecar of no use is reported and stays, and the video is made all the same', async () => {
  const instance = await watching();
  await put('watch/spoilt.mp4.json', '{"title":7}');
  await put('watch/spoilt.mp4', bytes(MIB));
  await put('watch/swollen.mp4.json', JSON.stringify({ title: 'x', more: 'y'.repeat(70_000) }));
  await put('watch/swollen.mp4', bytes(MIB));
  const spoilt = await taken('spoilt.mp4');
  const swollen = await taken('swollen.mp4');
  await empties();
  expect(world.neighbours.videos.get(spoilt.video_id)).toMatchObject({ title: 'spoilt', ownerId: 'newsroom' });
  expect(world.neighbours.videos.get(swollen.video_id)).toMatchObject({ title: 'swollen' });
  expect([await isThere('watch/spoilt.mp4.json'), await isThere('watch/swollen.mp4.json')]).toEqual([true, true]);
  expect(await arrivals(instance, 'taken', 'watch.sidecar_invalid')).toBe(1);
  expect(await arrivals(instance, 'taken', 'watch.sidecar_too_large')).toBe(1);
});

it('what is no video, or too large, is reported and stays', async () => {
  const instance = await watching(direct, { UPLOAD_MAX_BYTES: String(2 * MIB) });
  await put('watch/notes.txt', 'dear diary', 'text/plain');
  await put('watch/empty.mp4', Buffer.alloc(0));
  await put('watch/long.mp4', bytes(3 * MIB), 'video/mp4');
  await put('elsewhere/film.mp4', bytes(MIB), 'video/mp4');
  await empties();
  for (const [code, key] of [
    ['upload.type_refused', 'watch/notes.txt'],
    ['upload.empty', 'watch/empty.mp4'],
    ['upload.too_large', 'watch/long.mp4'],
  ] as const) {
    expect([code, await arrivals(instance, 'refused', code), await isThere(key)]).toEqual([code, 1, true]);
  }
  expect(await isThere('elsewhere/film.mp4')).toBe(true);
  for (const name of ['notes.txt', 'empty.mp4', 'long.mp4', 'film.mp4']) expect(await uploadsOf(name)).toEqual([]);
  expect(await queues.size(direct.dead)).toBe(0);
});

it('events that come ten times, in any order, both ways and to two instances, make one video', async () => {
  const data = bytes(6 * MIB);
  await put('watch/ten times.mp4', data);
  await put('watch/ten times.mp4.json', '{"title":"Once"}');
  const recorded: string[] = [];
  await eventually(async () => {
    for (const { url } of [direct, bridged])
      recorded.push(...(await queues.drain(url)).filter((body) => body.includes('watch/')));
    return recorded.length >= 4;
  });
  const shuffled = Array.from({ length: 10 }, () => recorded)
    .flat()
    .map((body) => ({ body, at: Math.random() }))
    .sort((a, b) => a.at - b.at);
  const queue = await queues.create(20);
  for (const { body } of shuffled) await queues.send(queue.url, body);
  await Promise.all([watching(queue), watching(queue)]);
  const { id, video_id } = await taken('ten times.mp4');
  await empties(queue);
  expect(await queues.size(queue.dead)).toBe(0);
  expect(await uploadsOf('ten times.mp4')).toHaveLength(1);
  expect(await world.events(id)).toEqual(['upload.completed.v1']);
  expect(world.neighbours.videos.get(video_id)).toMatchObject({ title: 'Once' });
  expect((await world.source(video_id, id))?.equals(data)).toBe(true);
  expect([await isThere('watch/ten times.mp4'), await isThere('watch/ten times.mp4.json')]).toEqual([false, false]);
});

it('the same file put there again is another video', async () => {
  await watching();
  const data = bytes(MIB);
  await put('watch/again.mp4', data);
  await taken('again.mp4');
  await empties();
  await put('watch/again.mp4', data);
  await eventuallyHolds(async () =>
    expect((await uploadsOf('again.mp4')).map(({ state }) => state)).toEqual(['completed', 'completed']),
  );
});

it('what one instance began, another finishes', async () => {
  const first = await watching();
  world.neighbours.setDown(true);
  await put('watch/begun.mp4', bytes(MIB));
  const [begun] = await eventually(async () => {
    const found = await uploadsOf('begun.mp4');
    return found.length > 0 && found;
  });
  expect(begun?.state).toBe('open');
  await world.kill(first);
  world.neighbours.setDown(false);
  await watching();
  expect((await taken('begun.mp4')).id).toBe(begun?.id);
  await empties();
  expect(await world.events(begun?.id ?? '')).toEqual(['upload.completed.v1']);
  expect(await isThere('watch/begun.mp4')).toBe(false);
});

it('an object that was removed before it could be taken leaves no upload behind', async () => {
  await watching();
  world.neighbours.setDown(true);
  await put('watch/removed.mp4', bytes(MIB));
  const [begun] = await eventually(async () => {
    const found = await uploadsOf('removed.mp4');
    return found.length > 0 && found;
  });
  await foreign.delete('watch/removed.mp4');
  world.neighbours.setDown(false);
  await eventuallyHolds(async () => expect((await uploadsOf('removed.mp4'))[0]?.state).toBe('aborted'));
  expect(await world.events(begun?.id ?? '')).toEqual(['upload.ended.v1 aborted']);
  await empties();
});
