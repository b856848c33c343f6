import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ListTagsForResourceCommand } from '@aws-sdk/client-mediaconvert';
import { encodingFailed, encodingProgress, videoPlayable, videoReady } from '@kinora/contracts-transcode';
import { layout } from '@kinora/delivery';
import {
  asSetUp,
  backend,
  type Child,
  eventually,
  eventuallyHolds,
  judgeDash,
  judgeHls,
  makeMedia,
  media,
  readHlsMedia,
  testBuckets,
} from '@kinora/testing';
import { createReadStream } from 'node:fs';
import { createMediaConvert } from '../src/adapters/mediaconvert/remote-encoder';
import { startEncoderProcess } from './support/encoder-process';
import { eventsOf, mediaConvertAccount, type MediaConvertAccount } from './support/mediaconvert';
import { aPlan } from './support/plans';
import { type Platform, startPlatform } from './support/platform';
import { serveStore } from './support/serve';

jest.setTimeout(240_000);

backend('s3');
backend('mediaconvert');
const { endpoint: sqsEndpoint, region } = backend('aws');
const WAIT = 180_000;

let account: MediaConvertAccount;
let eventsUrl: string;
let platform: Platform;
let encoder: Child;
let files: Awaited<ReturnType<typeof serveStore>>;
const sqs = new SQSClient(asSetUp(backend('aws')));

beforeAll(async () => {
  account = await mediaConvertAccount();
  eventsUrl = await eventsOf(account.queueArn);
  const buckets = await testBuckets(backend('s3'));
  platform = await startPlatform({
    ...buckets.environment,
    ...account.environment,
    MEDIACONVERT_EVENTS_QUEUE_URL: eventsUrl,
    SQS_ENDPOINT: sqsEndpoint,
    // Only events can bring a job to its end in the time of a test.
    MEDIACONVERT_POLL_SECONDS: '3600',
  });
  encoder = await startEncoderProcess(platform);
  files = await serveStore(platform.stores.distribution);
});
afterAll(async () => {
  await encoder.stop();
  await files.close();
  await platform[Symbol.asyncDispose]();
  account.close();
  sqs.destroy();
});

async function ready(file: string) {
  const { videoId } = await platform.upload(file);
  const told = await eventually(
    () => platform.told(videoReady, videoId)[0] ?? platform.told(encodingFailed, videoId)[0],
    { timeoutMs: WAIT, label: 'ready or failed' },
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${encoder.tail()}`);
  });
  expect(told).toMatchObject({ name: videoReady.name });
  return { videoId, data: told.data, root: `${files.url}/media/${videoId}/${told.data.encodingId}` };
}

const keysUnder = async (prefix: string): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of platform.stores.distribution.list(prefix)) keys.push(key);
  return keys;
};

/** PQ and BT.2020 in ten bits. */
const hdr = (): Promise<string> =>
  makeMedia({
    name: 'hdr.mp4',
    args: [
      ...['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25:d=2', '-c:v', 'libx264', '-preset', 'ultrafast'],
      ...[
        '-pix_fmt',
        'yuv420p10le',
        '-color_primaries',
        'bt2020',
        '-color_trc',
        'smpte2084',
        '-colorspace',
        'bt2020nc',
      ],
    ],
  });

it.each([
  ['H.264 and AAC', () => media.mp4({ seconds: 8, width: 640, height: 360 }), 240, ['640x360', '426x240'], 1, 8_000],
  ['a phone’s, turned', () => media.rotated({ seconds: 3 }), 90, ['180x320'], 1, 3_000],
  ['two languages', () => media.twoAudioTracks({ seconds: 2 }), 60, ['320x180'], 2, 2_000],
  ['MPEG-2 without sound', () => media.mpeg2({ seconds: 2 }), 50, ['320x180'], 0, 2_000],
  ['HDR, mapped to SDR', hdr, 50, ['320x180'], 0, 2_000],
  ['29.97 frames a second', () => media.mp4({ seconds: 7, fps: '30000/1001' }), 210, ['320x180'], 1, 7_007],
])('%s: decodes completely from HLS and DASH', async (_name, make, frames, sizes, audioTracks, durationMs) => {
  const { data, root, videoId } = await ready(await make());
  expect(data).toMatchObject({ poster: true, storyboard: true });
  expect(Math.abs(Number(data['durationMs']) - durationMs)).toBeLessThanOrEqual(40);
  expect(platform.told(videoPlayable, videoId)).toHaveLength(1);
  const hls = await judgeHls(`${root}/main.m3u8`);
  expect(hls.rungs.map(({ width, height }) => `${width}x${height}`).toSorted()).toEqual(sizes.toSorted());
  expect(hls.audio).toHaveLength(audioTracks);
  for (const { decoded, url, width, height } of hls.rungs) {
    expect(decoded).toMatchObject({ errors: [], codec: 'h264', width, height });
    expect(Math.abs(decoded.frames - frames)).toBeLessThanOrEqual(1);
    expect(decoded.startMs).toBeLessThan(40);
    expect(decoded.largestGapMs).toBeLessThan(60);
    expect((await readHlsMedia(url)).ended).toBe(true);
  }
  for (const { decoded } of hls.audio) {
    expect(decoded).toMatchObject({ errors: [], codec: 'aac' });
    expect(Math.abs(decoded.endMs - durationMs)).toBeLessThan(100);
  }
  for (const { decoded, kind } of await judgeDash(`${root}/manifest.mpd`)) {
    expect(decoded.errors).toEqual([]);
    if (kind === 'video') expect(Math.abs(decoded.frames - frames)).toBeLessThanOrEqual(1);
  }
  for (const file of ['poster.jpg', 'storyboard.vtt', 'storyboard/1.jpg'])
    expect((await fetch(`${root}/${file}`)).status).toBe(200);
});

it('is published as any other, told to the owner, and leaves one job with its tags', async () => {
  const { videoId, data, root } = await ready(await media.mp4({ seconds: 8, width: 640, height: 360 }));
  const { encodingId } = data;
  expect(await (await platform.owner()).getEncoding({ params: { videoId } })).toMatchObject({
    ...{ state: 'ready', engine: 'mediaconvert', engineReason: 'set for all videos', progress: 1 },
  });
  const { segments } = await readHlsMedia(`${root}/v360.m3u8`);
  expect(segments.map(({ seconds }) => seconds)).toEqual([6, 2]);
  const segment = await platform.stores.distribution.head(layout.segment(videoId, encodingId, 'v360', 2));
  expect(segment).toMatchObject({
    contentType: 'video/iso.segment',
    cacheControl: expect.stringContaining('immutable'),
  });
  const progress = platform.told(encodingProgress, videoId).map((one) => Number(one.data['progress']));
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  // What the service wrote is gone once it is published.
  await eventuallyHolds(async () =>
    expect(await keysUnder(`media/${videoId}/${encodingId}/mediaconvert/`)).toEqual([]),
  );
  expect((await keysUnder(layout.video(videoId))).length).toBeGreaterThan(10);
  const jobs = await account.jobsOf(videoId);
  expect(jobs).toMatchObject([
    {
      Status: 'COMPLETE',
      UserMetadata: { videoId, encodingId, fence: '1' },
      AccelerationSettings: { Mode: 'DISABLED' },
      Queue: account.queueArn,
    },
  ]);
  const tags = await account.client.send(new ListTagsForResourceCommand({ Arn: jobs[0]?.Arn ?? '' }));
  expect(tags.ResourceTags?.Tags).toMatchObject({ 'kinora:video': videoId });
});

it('is not moved by events that come twice, late, or of another job', async () => {
  const { videoId, data } = await ready(await media.mp4({ seconds: 2 }));
  const [job] = await account.jobsOf(videoId);
  // Progress is a signal; the last one may come after the end.
  const told = () => platform.seen.filter((one) => one.data.videoId === videoId && one.name !== encodingProgress.name);
  const before = told();
  const event = (status: string, jobId = job?.Id) => ({
    ...{ version: '0', id: 'x', source: 'aws.mediaconvert', 'detail-type': 'MediaConvert Job State Change' },
    detail: { status, jobId, userMetadata: { encodingId: data.encodingId, videoId }, queue: account.queueArn },
  });
  const send = (body: object) =>
    sqs.send(new SendMessageCommand({ QueueUrl: eventsUrl, MessageBody: JSON.stringify(body) }));
  for (const status of ['COMPLETE', 'COMPLETE', 'STATUS_UPDATE', 'ERROR', 'CANCELED']) await send(event(status));
  await send(event('ERROR', '0-other'));
  await send({ ...event('COMPLETE'), detail: { status: 'COMPLETE', jobId: '1-foreign', userMetadata: {} } });
  // What is sent now is heard after those.
  const { videoId: next } = await ready(await media.mp4({ seconds: 2 }));
  expect(next).not.toBe(videoId);
  expect(await (await platform.owner()).getEncoding({ params: { videoId } })).toMatchObject({ state: 'ready' });
  expect(told()).toEqual(before);
  expect(await account.jobsOf(videoId)).toMatchObject([{ Status: 'COMPLETE' }]);
});

it('has a job cancelled that nothing waits for', async () => {
  const { videoId, data } = await ready(await media.mp4({ seconds: 2 }));
  const { bucket, sourceKey, plan } = await aLongSource();
  const other = createMediaConvert({
    ...{ endpoint: backend('mediaconvert').endpoint, region, queueArn: account.queueArn, buckets: bucket },
    roleArn: account.environment['MEDIACONVERT_ROLE_ARN'] ?? '',
  });
  // As a crash between the order and our note of it would leave one.
  const folder = `media/${videoId}/${data.encodingId}/again/`;
  const order = { id: data.encodingId, videoId, fence: 2, plan, sourceKey, folder, accelerated: false };
  expect(await other.order(order)).toMatchObject({ state: 'at work' });
  await eventuallyHolds(
    async () => expect((await account.jobsOf(videoId)).map(({ Status }) => Status)).toEqual(['CANCELED', 'COMPLETE']),
    { timeoutMs: WAIT },
  );
  await other.close();
  expect(await (await platform.owner()).getEncoding({ params: { videoId } })).toMatchObject({ state: 'ready' });
});

/** A minute in the raw store, that no upload told of. */
async function aLongSource() {
  const sourceKey = 'sources/long';
  const long = createReadStream(await media.mp4({ seconds: 60 }));
  await platform.stores.raw.put(sourceKey, long, { contentType: 'video/mp4' });
  const { S3_BUCKET_RAW: raw = '', S3_BUCKET_DISTRIBUTION: distribution = '' } = platform.environment;
  return { sourceKey, bucket: { raw, distribution }, plan: aPlan({ seconds: 60 }) };
}
