import { media } from '@kinora/testing';
import { FIRST, SECOND } from '../src/images';
import { installRelease, makeNamespace, pods } from './support/cluster';
import { signIn, upload, videoIn, watch } from './support/platform';
import { startTraffic } from './support/traffic';

beforeAll(async () => {
  await makeNamespace();
  await installRelease(FIRST);
});

/** Of all requests during an upgrade, how many may fail: those on a connection that the gateway closed at that moment. */
const BOUND = 0.01;

it('upgrades under uploads, an encode and viewers: nothing is lost, and hardly anything fails', async () => {
  const api = await signIn();
  const watched = await upload(api, await media.mp4({ seconds: 4, width: 640, height: 360 }));
  await videoIn(api, watched, 'ready');

  const long = await upload(api, await media.mp4({ seconds: 60, width: 640, height: 360 }));
  await videoIn(api, long, 'processing', 'playable');
  const traffic = startTraffic(api, watched);
  let upgrading = true;
  const uploaded: string[] = [];
  const brokenUploads: string[] = [];
  const uploading = (async () => {
    const file = await media.mp4({ seconds: 2 });
    // Who could not begin or end an upload tries again, as a person would: that counts as a failure.
    while (upgrading)
      await upload(api, file).then(
        (videoId) => uploaded.push(videoId),
        (error: Error) => brokenUploads.push(`an upload: ${error.message} ${String(error.cause)}`),
      );
  })();
  try {
    await installRelease(SECOND);
  } finally {
    upgrading = false;
    await uploading;
  }
  const { requests, failures } = await traffic.stop();
  const failed = [...failures, ...brokenUploads];

  const images = (await pods()).flatMap(({ spec }) => spec.containers.map(({ image }) => image));
  expect(images.filter((image) => image.endsWith(`:${SECOND}`)).length).toBeGreaterThanOrEqual(8);
  console.info(`${requests} requests and ${uploaded.length} uploads during the upgrade; failed:\n${failed.join('\n')}`);
  expect(uploaded.length).toBeGreaterThan(0);
  for (const videoId of [long, ...uploaded]) await videoIn(api, videoId, 'ready');
  expect(await watch(api, long)).toMatchObject({ frames: 1800, errors: [] });
  expect(requests).toBeGreaterThan(100);
  expect(failed.length / requests).toBeLessThan(BOUND);
});
