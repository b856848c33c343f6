import { media } from '@kinora/testing';
import { FIRST, SECOND } from '../src/images';
import { CHART, helm, installRelease, isReady, makeNamespace, pods, podsOf, RELEASE, values } from './support/cluster';
import { signIn, upload, videoIn, watch } from './support/platform';

interface Revision {
  readonly revision: number;
  readonly status: string;
  readonly description: string;
}

const history = async (): Promise<Revision[]> =>
  JSON.parse(await helm('history', RELEASE, '--output', 'json')) as Revision[];

const imagesOf = async (component: string): Promise<string[]> =>
  (await podsOf(component)).flatMap(({ spec }) => spec.containers.map(({ image }) => image));

let before: number;
beforeAll(async () => {
  await makeNamespace();
  await installRelease(FIRST);
  before = (await history()).at(-1)?.revision ?? 0;
  await installRelease(SECOND);
});

it('takes an upgrade to a broken image back by itself', async () => {
  // A program that runs, and is not the catalogue: only its probes can tell.
  const broken = ['services.catalog.image.repository=kinora/redis', `services.catalog.image.tag=${FIRST}`];
  const upgrade = helm(
    ...['upgrade', RELEASE, CHART, ...values(`image.tag=${SECOND}`, ...broken)],
    ...['--wait', '--timeout', '60s', '--rollback-on-failure'],
  );
  await expect(upgrade).rejects.toThrow(/catalog|deadline|timed? ?out/i);
  expect((await history()).at(-1)).toMatchObject({
    status: 'deployed',
    description: expect.stringMatching(/^Rollback/),
  });
  expect(await imagesOf('catalog')).toEqual([`kinora/catalog:${SECOND}`]);
  expect((await pods()).filter((pod) => !isReady(pod))).toEqual([]);
});

it('goes back to the revision before the upgrade, and works', async () => {
  await helm('rollback', RELEASE, String(before), '--wait', '--timeout', '10m');
  expect(await imagesOf('upload')).toEqual([`kinora/upload:${FIRST}`]);
  const api = await signIn();
  const videoId = await upload(api, await media.mp4({ seconds: 2 }));
  await videoIn(api, videoId, 'ready');
  expect(await watch(api, videoId)).toMatchObject({ frames: 60, errors: [] });
});
