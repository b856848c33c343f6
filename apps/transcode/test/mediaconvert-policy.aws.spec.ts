import { encodingFailed, videoReady } from '@kinora/contracts-transcode';
import { layout } from '@kinora/delivery';
import { backend, eventually, media } from '@kinora/testing';
import { type MediaConvertAccount } from './support/mediaconvert';
import { type MediaConvertPlatform, startMediaConvertPlatform } from './support/mediaconvert-platform';
import { type Platform } from './support/platform';

jest.setTimeout(240_000);

backend('aws');
backend('s3');
backend('mediaconvert');
const WAIT = 150_000;

let started: MediaConvertPlatform;
let account: MediaConvertAccount;
let platform: Platform;

/** Whatever is longer than a second and a half is bought, up to an output minute a day. */
beforeAll(async () => {
  started = await startMediaConvertPlatform({
    TRANSCODE_ENGINE: 'policy',
    TRANSCODE_OFFLOAD_MINUTES: '0.025',
    MEDIACONVERT_DAILY_MINUTES: '1',
  });
  ({ account, platform } = started);
});
afterAll(() => started[Symbol.asyncDispose]());

const shown = async (videoId: string) => (await platform.owner()).getEncoding({ params: { videoId } });

it('chooses for each video, within the budget of a day, and shows why', async () => {
  const short = await platform.upload(await media.mp4({ seconds: 1 }));
  await platform.until(videoReady, short.videoId, WAIT);
  expect(await shown(short.videoId)).toMatchObject({ engine: 'ffmpeg', engineReason: 'our own encoders have room' });

  const long = await platform.upload(await media.mp4({ seconds: 2 }));
  await platform.until(videoReady, long.videoId, WAIT);
  expect(await shown(long.videoId)).toMatchObject({
    engine: 'mediaconvert',
    engineReason: 'longer than 0.025 minutes',
  });

  const dear = await platform.upload(await media.mp4({ seconds: 60 }));
  await platform.until(videoReady, dear.videoId, WAIT);
  expect(await shown(dear.videoId)).toMatchObject({
    engine: 'ffmpeg',
    engineReason: 'over the day’s 1 minutes of MediaConvert',
  });
  expect(await account.jobsOf(dear.videoId)).toEqual([]);
});

it('lets our own encoders do what the service did not', async () => {
  await account.pause();
  const { videoId } = await platform.upload(await media.mp4({ seconds: 2 }));
  const job = await eventually(async () => (await account.jobsOf(videoId))[0], { timeoutMs: 60_000 });
  await account.cancel(job);
  const ready = await platform.until(videoReady, videoId, WAIT);
  expect(platform.told(encodingFailed, videoId)).toEqual([]);
  expect(await shown(videoId)).toMatchObject({
    engine: 'ffmpeg',
    engineReason: 'MediaConvert has failed, our own encoders took over',
  });
  const { encodingId } = ready.data;
  expect(await platform.stores.distribution.head(layout.segment(videoId, encodingId, 'v180', 1))).toBeDefined();
  await account.resume();
});
