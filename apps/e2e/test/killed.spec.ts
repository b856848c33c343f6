import { type Platform, type ServiceName, startPlatform } from '@kinora/local';
import { eventually, freshDir, judgeHls, media } from '@kinora/testing';
import { type Api, signIn, videoIn } from '../support/client';
import { begin, putPart } from '../support/upload';

// A platform of its own: its processes are killed under it.
let kinora: Platform;
let api: Api;
beforeAll(async () => {
  kinora = await startPlatform({ dataDir: freshDir('killed'), port: 0, build: false });
  ({ api } = await signIn(kinora.url, kinora.demo.email, kinora.demo.password));
}, 120_000);
afterAll(() => kinora.stop());

/** Kills as the kernel would, and waits for the supervisor's next process. */
async function kill(name: ServiceName): Promise<void> {
  const service = kinora.services[name];
  const { pid } = service;
  service.kill('SIGKILL');
  await eventually(() => service.pid !== pid && service.pid > 0);
  await service.waitReady();
}

const patiently = <T>(work: () => Promise<T>): Promise<T> =>
  eventually(
    () =>
      work().then(
        (value) => ({ value }),
        () => undefined,
      ),
    { timeoutMs: 30_000, label: 'an answer' },
  ).then(({ value }) => value);

const file = () => media.mp4({ seconds: 5, width: 640, height: 360 });

async function expectWhole(videoId: string): Promise<void> {
  const video = await videoIn(api, videoId, 'ready', 'failed');
  expect(video.error).toBeUndefined();
  const { hls } = await patiently(() => api.createPlayback({ params: { videoId }, body: {} }));
  const { rungs, audio } = await judgeHls(hls);
  expect(rungs.map((rung) => rung.decoded.frames)).toEqual([150, 150]);
  expect([...rungs, ...audio].flatMap((track) => track.decoded.errors)).toEqual([]);
}

it.each(['upload', 'catalog', 'edge', 'auth'] as const)('%s is killed during an upload', async (name) => {
  const begun = await begin(api, await file());
  await kill(name);
  const put = await patiently(() => putPart(api, begun, 1));
  const parts = [{ partNumber: 1, etag: put.headers.get('etag') ?? '' }];
  const completing = api.completeUpload({ params: { uploadId: begun.id }, body: { parts } }).catch(() => undefined);
  await kill(name);
  await completing;
  await patiently(() => api.completeUpload({ params: { uploadId: begun.id }, body: { parts } }));
  await expectWhole(begun.videoId);
});

it.each(['encoder', 'transcode', 'catalog', 'upload', 'edge', 'analytics'] as const)(
  '%s is killed during an encode',
  async (name) => {
    const begun = await begin(api, await file());
    const put = await putPart(api, begun, 1);
    await api.completeUpload({
      params: { uploadId: begun.id },
      body: { parts: [{ partNumber: 1, etag: put.headers.get('etag') ?? '' }] },
    });
    await videoIn(api, begun.videoId, 'processing', 'playable', 'ready');
    await kill(name);
    await expectWhole(begun.videoId);
  },
);
