import { eventually, media } from '@kinora/testing';
import { FIRST } from '../src/images';
import { installRelease, isReady, kubectl, makeNamespace, pods, podsOf } from './support/cluster';
import { type Api, signIn, upload, videoIn, watch } from './support/platform';

let api: Api;
beforeAll(async () => {
  await makeNamespace();
  await installRelease(FIRST);
  api = await signIn();
});

/** An encode that takes a while, and has begun. */
async function encoding(): Promise<string> {
  const videoId = await upload(api, await media.mp4({ seconds: 60, width: 640, height: 360 }));
  await videoIn(api, videoId, 'processing', 'playable');
  return videoId;
}

const allReady = (): Promise<boolean> =>
  eventually(async () => (await pods()).every(isReady), {
    timeoutMs: 300_000,
    intervalMs: 1_000,
    label: 'all pods ready',
  });

it.each(['encoder', 'transcode', 'redis', 'postgres'])(
  'ends an encode in whose middle %s is killed',
  async (component) => {
    const videoId = await encoding();
    const [victim] = await podsOf(component);
    await kubectl('delete', 'pod', victim?.metadata.name ?? '', '--grace-period=0', '--force');
    await videoIn(api, videoId, 'ready');
    expect(await watch(api, videoId)).toMatchObject({ frames: 1800, errors: [] });
    await allReady();
  },
);

it('ends an encode while the node gives its encoders away', async () => {
  const videoId = await encoding();
  const selector = '--pod-selector=app.kubernetes.io/component=encoder';
  await kubectl('drain', 'node1', selector, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=120s');
  // The only node: what was sent away may come back to it.
  await kubectl('uncordon', 'node1');
  await videoIn(api, videoId, 'ready');
  expect(await watch(api, videoId)).toMatchObject({ frames: 1800, errors: [] });
  await allReady();
});
