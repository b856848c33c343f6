import { encodingFailed, videoPlayable, videoReady } from '@kinora/contracts-transcode';
import { type Child, eventually, judgeDash, judgeHls, media, readHlsMedia } from '@kinora/testing';
import { startEncoderProcess } from './support/encoder-process';
import { type Platform, startPlatform } from './support/platform';
import { serveStore } from './support/serve';

jest.setTimeout(240_000);

let platform: Platform;
let encoder: Child;
let files: Awaited<ReturnType<typeof serveStore>>;

beforeAll(async () => {
  platform = await startPlatform();
  encoder = await startEncoderProcess(platform);
  files = await serveStore(platform.stores.distribution);
});
afterAll(async () => {
  await encoder.stop();
  await files.close();
  await platform[Symbol.asyncDispose]();
});

async function ready(file: string) {
  const { videoId } = await platform.upload(file);
  const told = await eventually(
    () => platform.told(videoReady, videoId)[0] ?? platform.told(encodingFailed, videoId)[0],
    { timeoutMs: 120_000, label: 'ready or failed' },
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${encoder.tail()}`);
  });
  expect(told).toMatchObject({ name: videoReady.name });
  expect(platform.told(videoPlayable, videoId)).toHaveLength(1);
  return { data: told.data, root: `${files.url}/media/${videoId}/${told.data.encodingId}` };
}

it.each([
  ['H.264 and AAC', () => media.mp4({ seconds: 10 }), 300, 1],
  ['MOV with PCM, portrait', () => media.portrait(), 120, 1],
  ['MPEG-2 without sound', () => media.mpeg2(), 100, 0],
  ['WebM of a recorder', () => media.webmVp8({ live: true }), 120, 1],
])('%s decodes completely from HLS and DASH', async (_name, make, frames, audioTracks) => {
  const { data, root } = await ready(await make());
  expect(data).toMatchObject({ poster: true, storyboard: true });
  const hls = await judgeHls(`${root}/main.m3u8`);
  expect(hls.rungs.length).toBe((data['renditions'] as unknown[]).length);
  expect(hls.audio).toHaveLength(audioTracks);
  for (const { decoded, bandwidth, averageBandwidth, url } of hls.rungs) {
    expect(decoded.errors).toEqual([]);
    expect(Math.abs(decoded.frames - frames)).toBeLessThanOrEqual(1);
    expect(bandwidth).toBeGreaterThanOrEqual(averageBandwidth ?? 0);
    expect((await readHlsMedia(url)).ended).toBe(true);
  }
  for (const { decoded } of hls.audio) expect(decoded.errors).toEqual([]);
  for (const { decoded, kind } of await judgeDash(`${root}/manifest.mpd`)) {
    expect(decoded.errors).toEqual([]);
    if (kind === 'video') expect(Math.abs(decoded.frames - frames)).toBeLessThanOrEqual(1);
  }
  for (const file of ['poster.jpg', 'storyboard.vtt', 'storyboard/1.jpg'])
    expect((await fetch(`${root}/${file}`)).status).toBe(200);
});
