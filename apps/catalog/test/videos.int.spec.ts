import { newId } from '@kinora/contracts-common';
import { encodingFailed, encodingProgress, encodingStarted, videoReady } from '@kinora/contracts-transcode';
import { uploadEnded } from '@kinora/contracts-upload';
import { eventually } from '@kinora/testing';
import { eventsOf, makeReady, renditions } from './support/pipeline';
import { type Catalog, type Platform, publicUrl, startPlatform } from './support/platform';
import { problemOf } from './support/problem';

let platform: Platform;
let owner: Catalog;
let other: Catalog;
let admin: Catalog;
let upload: Catalog;
const ada = 'ada';

beforeAll(async () => {
  platform = await startPlatform();
  const { identity } = platform;
  owner = platform.as({ token: await identity.person(ada, 'creator') });
  other = platform.as({ token: await identity.person('bob', 'creator') });
  admin = platform.as({ token: await identity.person('root', 'admin') });
  upload = platform.as({ token: await identity.service('upload') });
});
afterAll(() => platform[Symbol.asyncDispose]());

const create = (title: string, more = {}) => owner.createVideo({ body: { title, ...more } });
const get = (videoId: string, by = owner) => by.getVideo({ params: { videoId } });

it('creates a private draft', async () => {
  const video = await create('  First  ', { tags: ['Sea', 'sea'] });
  expect(video).toMatchObject({
    title: 'First',
    tags: ['sea'],
    visibility: 'private',
    status: 'draft',
    progress: 0,
    poster: null,
    version: 1,
    watchUrl: `${publicUrl}/watch/${video.id}`,
  });
  expect(await get(video.id)).toEqual(video);
});

it('answers a repeated creation with the first video', async () => {
  const headers = { 'idempotency-key': 'k1' };
  const first = await owner.createVideo({ body: { title: 'Once' } }, { headers });
  expect(await owner.createVideo({ body: { title: 'Once' } }, { headers })).toEqual(first);
  expect(await problemOf(owner.createVideo({ body: { title: 'Other' } }, { headers }))).toBe(
    '422 idempotency.key_reused',
  );
});

it('edits under a version', async () => {
  const { id: videoId } = await create('Draft');
  const one = await owner.updateVideo({ params: { videoId }, body: { title: 'Better', version: 1 } });
  expect(one).toMatchObject({ title: 'Better', version: 2 });
  expect(await problemOf(owner.updateVideo({ params: { videoId }, body: { title: 'Late', version: 1 } }))).toBe(
    '409 video.conflict',
  );
  expect((await admin.updateVideo({ params: { videoId }, body: { description: 'By an admin' } })).version).toBe(3);
  const gone = { channelId: newId('chn') };
  expect(await problemOf(owner.updateVideo({ params: { videoId }, body: gone }))).toBe('404 channel.not_found');
});

it('follows the pipeline, whatever the order of events and however often they come', async () => {
  const ids = await Promise.all([1, 2, 3, 4].map(async (n) => (await create(`Shuffled ${n}`)).id));
  await Promise.all(
    ids.map(async (videoId, n) => {
      const events = eventsOf(videoId, ada);
      const turned = [...events.slice(n + 1), ...events.slice(0, n + 1)];
      // Twice under an id of its own: what a relay sends again after Redis has lost its memory.
      for (const [event, data] of [...turned, ...turned.reverse()]) await platform.send(event, data);
    }),
  );
  for (const videoId of ids) {
    const video = await eventually(async () => {
      const now = await get(videoId);
      return now.status === 'ready' && now.progress === 1 && now.durationMs === 9_960 && now;
    });
    expect(video).toMatchObject({ width: 1280, height: 720, renditions, version: 1 });
    expect(video.poster).toMatch(/\/t\/.+poster\.jpg$/);
    expect(video.error).toBeUndefined();
  }
});

it('shows why it failed to its owner alone, and starts over with a newer encoding', async () => {
  const { id: videoId } = await create('Broken', { visibility: 'unlisted' });
  const [first, second] = [newId('enc', Date.now() - 1_000), newId('enc')];
  const failure = { code: 'source.truncated', message: 'The file ends too early.' };
  await platform.send(encodingFailed, { videoId, encodingId: first, ...failure });
  const failed = await eventually(async () => {
    const video = await get(videoId);
    return video.status === 'failed' && video;
  });
  expect(failed.error).toEqual(failure);
  expect(await get(videoId, other)).not.toHaveProperty('error');

  const size = { durationMs: 1, width: 2, height: 2 };
  await platform.send(encodingStarted, { videoId, encodingId: second, ...size, audioTracks: 0 });
  await eventually(async () => (await get(videoId)).status === 'processing');
  await platform.send(videoReady, {
    ...{ videoId, encodingId: first, ...size, renditions, poster: true, storyboard: true, bytes: 1 },
  });
  await platform.send(encodingProgress, { encodings: [{ videoId, encodingId: second, progress: 0.5 }] });
  expect(await eventually(async () => (await get(videoId)).progress === 0.5 && get(videoId))).toMatchObject({
    status: 'processing',
    renditions: [],
  });
});

it('lists own and public videos, page by page, each once', async () => {
  const userId = 'pager';
  const mine = platform.as({ token: await platform.identity.person(userId, 'creator') });
  const made: string[] = [];
  for (let n = 0; n < 5; n++)
    made.unshift((await mine.createVideo({ body: { title: `Page ${n}`, tags: ['paged'] } })).id);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await mine.listVideos({ query: { owner: 'me', limit: 2, ...(cursor !== undefined && { cursor }) } });
    seen.push(...page.items.map((video) => video.id));
    cursor = page.nextCursor ?? undefined;
    // What comes in between doesn't move what was seen.
    if (seen.length === 2) await mine.createVideo({ body: { title: 'Newer' } });
  } while (cursor !== undefined);
  expect(seen).toEqual(made);

  const list = async (by: Catalog) =>
    (await by.listVideos({ query: { tag: 'paged', limit: 100 } })).items.map((video) => video.id);
  const first = made[0] ?? '';
  expect(await list(other)).toEqual([]);
  expect(await list(admin)).toEqual(made);
  await mine.updateVideo({ params: { videoId: first }, body: { visibility: 'public' } });
  expect(await list(other)).toEqual([]);
  await makeReady(platform, mine, first, userId);
  expect(await list(other)).toEqual([first]);
  expect(await list(platform.as())).toEqual([first]);

  const foreign = (await mine.listVideos({ query: { limit: 1 } })).nextCursor ?? '';
  for (const wrong of ['nonsense', foreign])
    expect(await problemOf(mine.listVideos({ query: { owner: 'me', cursor: wrong } }))).toBe(
      '400 request.cursor_invalid',
    );
});

it('registers uploads, once each, and only into own drafts', async () => {
  const videoId = newId('vid');
  const [first, second] = [newId('upl', Date.now() - 1_000), newId('upl')];
  const register = (body: object, id = videoId) =>
    upload.registerUpload({ params: { videoId: id }, body: { ownerId: ada, title: 'Up', existing: false, ...body } });
  expect(await register({ uploadId: first })).toEqual({ videoId, status: 'uploading' });
  expect(await register({ uploadId: first })).toEqual({ videoId, status: 'uploading' });
  expect(await problemOf(register({ ownerId: 'bob' }))).toBe('404 video.not_found');

  await platform.send(uploadEnded, { uploadId: first, videoId, reason: 'aborted' });
  await eventually(async () => (await get(videoId)).status === 'draft');
  expect(await register({ uploadId: second, existing: true })).toEqual({ videoId, status: 'uploading' });
  await makeReady(platform, owner, videoId, ada);
  expect(await problemOf(register({ uploadId: newId('upl'), existing: true }))).toBe('409 video.not_draft');
  expect(await problemOf(register({ existing: true }, newId('vid')))).toBe('404 video.not_found');

  expect(await upload.authorise({ params: { videoId } })).toEqual({
    ...{ videoId, ownerId: ada, visibility: 'private', status: 'ready', durationMs: 9_960 },
  });
});

it('lets upload describe a video, until somebody has edited it', async () => {
  const params = { videoId: newId('vid') };
  const said = { description: 'Of cheese', tags: ['cheese'] };
  await upload.registerUpload({ params, body: { ownerId: ada, title: 'Up', existing: false, ...said } });
  expect(await get(params.videoId)).toMatchObject({ ...said, title: 'Up', visibility: 'private', version: 1 });
  const later = { title: 'Cheese', visibility: 'unlisted' as const };
  expect(await upload.describeVideo({ params, body: later })).toEqual(params);
  expect(await get(params.videoId)).toMatchObject({ ...said, ...later, version: 2 });
  expect(await problemOf(upload.describeVideo({ params, body: { title: 'Bread' } }))).toBe('409 video.conflict');
  expect(await problemOf(upload.describeVideo({ params: { videoId: newId('vid') }, body: {} }))).toBe(
    '404 video.not_found',
  );
});

it('leaves nothing of a deleted video but the news', async () => {
  const { id: videoId } = await create('Zyzzyva in the archive', { visibility: 'public' });
  await makeReady(platform, owner, videoId, ada);
  await owner.createPlayback({ params: { videoId }, body: {} });
  await owner.deleteVideo({ params: { videoId } });

  expect(await problemOf(get(videoId))).toBe('404 video.not_found');
  expect((await owner.search({ query: { q: 'zyzzyva' } })).total).toBe(0);
  for (const table of ['videos', 'grants', 'search_documents', 'search_words', 'webhook_deliveries']) {
    const column = table === 'videos' ? 'id' : 'video_id';
    expect(await platform.query(`select 1 from ${table} where ${column} = $1`, [videoId])).toEqual([]);
  }
  const [event] = await platform.query<{ data: unknown; subscribers: string[] }>(
    "select data, subscribers from outbox where name = 'video.deleted.v1' and data->>'videoId' = $1",
    [videoId],
  );
  expect(event).toEqual({
    data: { videoId, ownerId: ada },
    subscribers: ['upload', 'transcode', 'analytics', 'catalog'],
  });
  const { videos } = await upload.listRevocations({ query: {} });
  expect(videos.map((one) => one.videoId)).toContain(videoId);
  // Events that were on their way find nobody, and don't bring it back.
  for (const [late, data] of eventsOf(videoId, ada)) await platform.send(late, data);
  const { id: next } = await create('After');
  await makeReady(platform, owner, next, ada);
  expect(await problemOf(get(videoId))).toBe('404 video.not_found');
});

it('keeps the videos of a deleted channel', async () => {
  const channel = await owner.createChannel({ body: { handle: 'Ada-Films', name: 'Ada’s films' } });
  expect(channel.handle).toBe('ada-films');
  expect(await problemOf(other.createChannel({ body: { handle: 'ada-films', name: 'Me too' } }))).toBe(
    '409 channel.handle_taken',
  );
  const video = await create('In a channel', { channelId: channel.id });
  expect(await problemOf(other.createVideo({ body: { title: 'Guest', channelId: channel.id } }))).toBe(
    '404 channel.not_found',
  );
  const params = { channelId: channel.id };
  const renamed = await owner.updateChannel({ params, body: { name: 'Films' } });
  expect(await platform.as().getChannel({ params })).toEqual(renamed);
  expect((await owner.listChannels({ query: { owner: 'me' } })).items).toEqual([renamed]);
  expect((await owner.listVideos({ query: params })).items.map((one) => one.id)).toEqual([video.id]);
  await owner.deleteChannel({ params });
  expect((await get(video.id)).channelId).toBeNull();
});
