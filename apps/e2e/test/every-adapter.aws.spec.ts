import { type BeaconInput } from '@kinora/contracts-analytics';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { asSetUp, backend, eventually, eventuallyHolds, judgeDash, judgeHls, media } from '@kinora/testing';
import { readFileSync } from 'node:fs';
import { type AwsPlatform, startAwsPlatform, WATCH_PREFIX } from '../support/aws-platform';
import { type Api, clientOf, signIn, videoIn } from '../support/client';
import { upload } from '../support/upload';

// Servers that the journey uses besides what `startAwsPlatform` asks for: backend('dynamodb'), backend('opensearch'), backend('postgres').
let aws: AwsPlatform;
let api: Api;
beforeAll(async () => {
  aws = await startAwsPlatform();
  ({ api } = await signIn(aws.kinora.url, aws.kinora.demo.email, aws.kinora.demo.password));
}, 240_000);
afterAll(() => aws[Symbol.asyncDispose]());

async function putIntoWatchFolder(name: string, file: string, sidecar?: object): Promise<void> {
  const s3 = new S3Client({ ...asSetUp(backend('aws')), forcePathStyle: true });
  const Bucket = aws.buckets.staging;
  if (sidecar)
    await s3.send(new PutObjectCommand({ Bucket, Key: `${WATCH_PREFIX}${name}.json`, Body: JSON.stringify(sidecar) }));
  const Body = readFileSync(file);
  await s3.send(new PutObjectCommand({ Bucket, Key: `${WATCH_PREFIX}${name}`, Body, ContentType: 'video/mp4' }));
  s3.destroy();
}

const found = (q: string) =>
  eventually(
    async () => (await api.search({ query: { q } })).items.find(({ video }) => video.status === 'ready')?.video,
    { timeoutMs: 60_000, label: `a hit for ${q}` },
  );

const watched = (seconds: number): BeaconInput => ({
  ...{ sn: 3, ts: Date.now(), mono: 500 + seconds * 1000, state: 'ended', position: seconds },
  ...{ attempted: true, startup: 300, playing: seconds * 1000, stall: 0, stalls: 0, seek: 0, seeks: 0, pause: 0 },
  runs: { 0: [0, seconds] },
  rungs: { v360: seconds * 1000 },
});

it('an object put into a bucket is encoded by MediaConvert, found in OpenSearch, played by a signed URL and counted in DynamoDB', async () => {
  const file = await media.mp4({ seconds: 4, width: 640, height: 360 });
  await putIntoWatchFolder('a heron, early + late.mp4', file, {
    ownerId: (await api.getProfile({})).id,
    title: 'A grey heron at dawn',
    tags: ['birds'],
    visibility: 'public',
  });

  const hit = await found('heron');
  expect(hit).toMatchObject({ title: 'A grey heron at dawn', tags: ['birds'] });
  const videoId = hit.id;
  expect(await api.getEncoding({ params: { videoId } })).toMatchObject({ engine: 'mediaconvert', state: 'ready' });

  const playback = await clientOf(aws.kinora.url).createPlayback({ params: { videoId }, body: {} });
  const hls = await judgeHls(playback.hls);
  const dash = await judgeDash(playback.dash);
  for (const { decoded } of [...hls.rungs, ...hls.audio, ...dash]) expect(decoded.errors).toEqual([]);
  expect(hls.rungs.map(({ decoded }) => decoded.frames)).toEqual([120, 120]);
  expect((await fetch(playback.hls.replace(/\/t\/[^/]+/, ''))).status).toBe(403);

  await clientOf(aws.kinora.url).postBeacons({ body: { sessionToken: playback.sessionToken, beacons: [watched(4)] } });
  const numbers = await eventually(
    async () => {
      const { totals } = await api.getVideoAnalytics({ params: { videoId }, query: {} });
      return totals.plays === 1 ? totals : undefined;
    },
    { timeoutMs: 60_000, label: 'one play' },
  );
  expect(numbers).toMatchObject({ plays: 1, playingMs: 4_000 });
});

it('what a browser uploads by signed part URLs takes the same way, and leaves nothing when it is deleted', async () => {
  const videoId = await upload(api, await media.portrait({ width: 360, height: 640 }), {
    title: 'A well',
    visibility: 'public',
  });
  const video = await videoIn(api, videoId, 'ready', 'failed');
  expect(video.error).toBeUndefined();
  const { hls } = await api.createPlayback({ params: { videoId }, body: {} });
  expect((await judgeHls(hls)).rungs.flatMap(({ decoded }) => decoded.errors)).toEqual([]);

  await api.deleteVideo({ params: { videoId } });
  await eventually(async () => (await fetch(hls)).status !== 200, { timeoutMs: 30_000, label: 'the end of its media' });
  await eventually(async () => (await api.search({ query: { q: 'well' } })).items.length === 0, { timeoutMs: 60_000 });
  await eventuallyHolds(async () => expect(await aws.distribution.invalidatedPaths()).toContain(`/media/${videoId}/*`));
});
