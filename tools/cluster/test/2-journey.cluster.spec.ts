import { media } from '@kinora/testing';
import { helm, RELEASE } from './support/cluster';
import { signIn, upload, videoIn, watch } from './support/platform';

it('passes the chart’s own test: from an upload to a segment that decodes', async () => {
  const said = await helm('test', RELEASE, '--logs', '--timeout', '10m');
  expect(said).toMatch(/Phase:\s+Succeeded/);
});

it('serves what somebody uploads through the public origin', async () => {
  const api = await signIn();
  const videoId = await upload(api, await media.mp4({ seconds: 4, width: 640, height: 360 }));
  const { renditions } = await videoIn(api, videoId, 'ready');
  expect(renditions.map(({ height }) => height)).toEqual([360, 240]);
  expect(await watch(api, videoId)).toMatchObject({ frames: 120, errors: [] });
});
