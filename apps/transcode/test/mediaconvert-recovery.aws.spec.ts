import { CreateJobCommand, GetJobCommand, MediaConvertClient } from '@aws-sdk/client-mediaconvert';
import { encodingFailed, encodingStarted, videoReady } from '@kinora/contracts-transcode';
import { newId } from '@kinora/contracts-common';
import { layout } from '@kinora/delivery';
import { type EncodingPlan, mediaConvertObstacle, parseProbe, planEncoding } from '@kinora/media';
import { SET_UP, backend, eventually, eventuallyHolds, makeMedia, media } from '@kinora/testing';
import fc from 'fast-check';
import { createMediaConvert } from '../src/adapters/mediaconvert/remote-encoder';
import { type MediaConvertAccount } from './support/mediaconvert';
import { type MediaConvertPlatform, startMediaConvertPlatform } from './support/mediaconvert-platform';
import { type Platform } from './support/platform';

jest.setTimeout(240_000);

backend('aws');
const { endpoint } = backend('mediaconvert');
const { region } = backend('s3');
const WAIT = 150_000;

let started: MediaConvertPlatform;
let account: MediaConvertAccount;
let platform: Platform;

beforeAll(async () => {
  started = await startMediaConvertPlatform();
  ({ account, platform } = started);
});
afterEach(() => account.resume());
afterAll(() => started[Symbol.asyncDispose]());

const jobOf = (videoId: string) =>
  eventually(async () => (await account.jobsOf(videoId))[0], { timeoutMs: 60_000, label: 'the job' });
const statusOf = async (videoId: string) => (await account.jobsOf(videoId)).map(({ Status }) => Status);
/** A video whose job waits: its MediaConvert queue is paused. */
async function submitted() {
  await account.pause();
  const upload = await platform.upload(await media.mp4({ seconds: 2 }));
  expect(await jobOf(upload.videoId)).toMatchObject({ Status: 'SUBMITTED' });
  return upload;
}

it('finishes although no event arrives', async () => {
  const { videoId } = await platform.upload(await media.mp4({ seconds: 2 }));
  expect((await platform.until(videoReady, videoId, WAIT)).data).toMatchObject({ durationMs: 2_000 });
  expect(await statusOf(videoId)).toEqual(['COMPLETE']);
});

it('cancels the job when the owner stops the encoding, and when the video is deleted', async () => {
  const stopped = await submitted();
  const deleted = await submitted();
  await (await platform.owner()).cancelEncoding({ params: { videoId: stopped.videoId } });
  await platform.deleteVideo(deleted.videoId);
  for (const { videoId } of [stopped, deleted])
    await eventuallyHolds(async () => expect(await statusOf(videoId)).toEqual(['CANCELED']), { timeoutMs: 60_000 });
  expect(platform.told(encodingFailed, stopped.videoId)).toMatchObject([{ data: { code: 'encoding.cancelled' } }]);
});

it('cancels a job that is at work, and leaves nothing of it', async () => {
  const { videoId } = await platform.upload(await media.mp4({ seconds: 60 }));
  await eventually(async () => (await statusOf(videoId))[0] === 'PROGRESSING', { timeoutMs: WAIT, intervalMs: 200 });
  await (await platform.owner()).cancelEncoding({ params: { videoId } });
  await eventuallyHolds(async () => expect(await statusOf(videoId)).toEqual(['CANCELED']), { timeoutMs: 60_000 });
  const left = () => platform.stores.distribution.list(layout.video(videoId))[Symbol.asyncIterator]().next();
  await eventually(async () => (await left()).done === true, { timeoutMs: 60_000, label: 'nothing left' });
});

it('goes on with the same job when Redis has lost its memory', async () => {
  const { videoId } = await submitted();
  await platform.redis.flushall();
  await account.resume();
  await platform.until(videoReady, videoId, WAIT);
  expect(await statusOf(videoId)).toEqual(['COMPLETE']);
});

it('says that the source is missing when it is gone before it is read', async () => {
  const { videoId, sourceKey } = await submitted();
  await platform.stores.raw.delete(sourceKey);
  await account.resume();
  const failed = await platform.until(encodingFailed, videoId, WAIT);
  expect(failed.data).toMatchObject({ code: 'source.missing' });
  expect(await account.jobsOf(videoId)).toMatchObject([{ Status: 'ERROR', ErrorCode: 1404 }]);
});

it('says that the source can’t be read when something else lies there', async () => {
  const { videoId, sourceKey } = await submitted();
  await platform.stores.raw.put(sourceKey, Buffer.from('no video at all'), { contentType: 'video/mp4' });
  await account.resume();
  expect((await platform.until(encodingFailed, videoId, WAIT)).data).toMatchObject({ code: 'source.unreadable' });
});

it('tells nobody of a job that somebody else has cancelled, and can be tried again', async () => {
  const { videoId } = await submitted();
  await account.cancel(await jobOf(videoId));
  expect((await platform.until(encodingFailed, videoId, WAIT)).data).toMatchObject({ code: 'encoding.internal' });
  await account.resume();
  await (await platform.owner()).retryEncoding({ params: { videoId } });
  await platform.until(videoReady, videoId, WAIT);
  expect(await statusOf(videoId)).toEqual(['COMPLETE', 'CANCELED']);
});

it('waits while AWS throttles', async () => {
  const plain = new MediaConvertClient({ endpoint, region, maxAttempts: 1, userAgentAppId: SET_UP });
  const answers: string[] = [];
  const done = new AbortController();
  const ask = async (): Promise<void> => {
    while (!done.signal.aborted)
      await plain.send(new GetJobCommand({ Id: 'none' })).catch((error: Error) => void answers.push(error.name));
  };
  const flood = [1, 2, 3, 4].map(ask);
  await eventually(() => answers.includes('TooManyRequestsException'), { timeoutMs: 30_000 });
  const { videoId } = await platform.upload(await media.mp4({ seconds: 2 }));
  // The job is ordered in the moment after this.
  await platform.until(encodingStarted, videoId, WAIT);
  const asked = answers.length;
  await eventually(() => answers.length > asked + 50, { timeoutMs: 30_000 });
  done.abort();
  await Promise.all(flood);
  plain.destroy();
  await platform.until(videoReady, videoId, WAIT);
});

it('leaves to our own encoders what MediaConvert can’t read, and says why', async () => {
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25:d=2'];
  const motionJpeg = await makeMedia({
    name: 'mjpeg.mov',
    args: [...picture, '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'],
  });
  const { videoId } = await platform.upload(motionJpeg);
  await platform.until(videoReady, videoId, WAIT);
  expect(await (await platform.owner()).getEncoding({ params: { videoId } })).toMatchObject({
    engine: 'ffmpeg',
    engineReason: 'not possible with MediaConvert: video codec mjpeg',
  });
  expect(await account.jobsOf(videoId)).toEqual([]);
});

const createAdapter = () =>
  createMediaConvert({
    ...{ endpoint, region, roleArn: account.environment['MEDIACONVERT_ROLE_ARN'] ?? '', queueArn: account.queueArn },
    buckets: { raw: 'raw', distribution: 'distribution' },
  });

describe('a request', () => {
  const source = fc.record({
    width: fc.integer({ min: 64, max: 4096 }),
    height: fc.integer({ min: 64, max: 4096 }),
    avg_frame_rate: fc.constantFrom('25/1', '30000/1001', '24000/1001', '60/1', '15/1', '100/1'),
    color_transfer: fc.constantFrom('bt709', 'smpte2084', 'arib-std-b67'),
    color_range: fc.constantFrom('tv', 'pc'),
    field_order: fc.constantFrom('progressive', 'tt'),
  });
  const track = fc.record({
    language: fc.constantFrom('eng', 'de', 'zh-Hant', 'x y', 'mul'),
    title: fc.string({ maxLength: 60 }),
  });
  const planOf = (video: object, tracks: readonly object[]): EncodingPlan | undefined => {
    const common = { start_pts: 0, start_time: '0.0', time_base: '1/12800', duration: '600' };
    const probe = parseProbe({
      streams: [
        { index: 0, codec_type: 'video', codec_name: 'h264', pix_fmt: 'yuv420p', ...common, ...video },
        ...tracks.map((tags, n) => ({
          ...{
            index: n + 1,
            codec_type: 'audio',
            codec_name: 'aac',
            channels: 2,
            sample_rate: '48000',
            ...common,
            tags,
          },
        })),
      ],
      format: { format_name: 'mov,mp4', start_time: '0.0', duration: '600' },
    });
    const plan = planEncoding(probe);
    return mediaConvertObstacle(plan, probe) === undefined ? plan : undefined;
  };

  it('of any plan is one that AWS’s own model allows', async () => {
    await account.pause();
    const remote = createAdapter();
    let asked = 0;
    await fc.assert(
      fc.asyncProperty(source, fc.array(track, { maxLength: 9 }), async (video, tracks) => {
        const plan = planOf({ ...video, r_frame_rate: video.avg_frame_rate }, tracks);
        if (!plan) return;
        const order = { id: newId('enc'), videoId: newId('vid'), fence: 1, plan, sourceKey: 'a', folder: 'media/a/' };
        const job = await remote.order({ ...order, accelerated: tracks.length > 1 });
        expect(job).toMatchObject({ state: 'at work' });
        if ('id' in job) await remote.cancel(job.id);
        asked += 1;
      }),
      { numRuns: 60 },
    );
    expect(asked).toBeGreaterThan(30);
    await remote.close();
  });

  it('that AWS would refuse is refused, with the member’s path', async () => {
    const wrong = { CodecProfile: 'high', MaxBitrate: 10 };
    const output = { VideoDescription: { CodecSettings: { Codec: 'H_264', H264Settings: wrong } }, Odd: true };
    const Settings = { OutputGroups: [{ Outputs: [output] }] } as object;
    const sent = account.client.send(new CreateJobCommand({ Role: 'arn:aws:iam::000000000000:role/x', Settings }));
    const path = '/settings/outputGroups/0/outputs/0/videoDescription/codecSettings/h264Settings';
    await expect(sent).rejects.toMatchObject({
      name: 'BadRequestException',
      message: expect.stringMatching(
        new RegExp(`${path}/codecProfile: high is none of.*${path}/maxBitrate: it is less`),
      ),
    });
  });

  it('that is made twice is one job; another with the same token is refused', async () => {
    await account.pause();
    const remote = createAdapter();
    const plan = planOf({ width: 640, height: 360, avg_frame_rate: '25/1', r_frame_rate: '25/1' }, []);
    if (!plan) throw new Error('no plan');
    const order = { id: newId('enc'), videoId: newId('vid'), fence: 1, plan, sourceKey: 'a', folder: 'media/a/' };
    const first = await remote.order({ ...order, accelerated: false });
    expect(await remote.order({ ...order, accelerated: false })).toEqual(first);
    expect(await remote.order({ ...order, sourceKey: 'b', accelerated: false })).toMatchObject({
      refused: expect.stringContaining('ConflictException'),
    });
    if ('id' in first) {
      await remote.cancel(first.id);
      await remote.cancel(first.id);
      expect(await remote.find(first.id)).toMatchObject({ state: 'cancelled' });
    }
    expect(await remote.find('0-none')).toBeUndefined();
    await remote.close();
  });
});
