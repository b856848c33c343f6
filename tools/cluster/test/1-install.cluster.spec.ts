import { FIRST } from '../src/images';
import {
  CHART,
  complaints,
  helm,
  installRelease,
  isReady,
  list,
  makeNamespace,
  pods,
  RELEASE,
  values,
} from './support/cluster';

beforeAll(() => makeNamespace());

it('refuses a typo in the values, and names the value', async () => {
  const releases = await helm('list', '--short');
  const install = helm('install', RELEASE, CHART, ...values('services.uplaod.replicas=2'));
  await expect(install).rejects.toThrow(/uplaod/);
  expect(await helm('list', '--short')).toBe(releases);
});

it('installs, and every pod becomes ready', async () => {
  const said = await installRelease(FIRST).catch(async (error: Error) => {
    throw new Error(`${error.message}\n${await complaints()}`);
  });
  expect(said).not.toMatch(/violate PodSecurity/);
  const all = await pods();
  expect(all.length).toBeGreaterThanOrEqual(12);
  expect(all.filter((pod) => !isReady(pod))).toEqual([]);
  const own = all.filter(({ spec }) => spec.containers.every(({ image }) => image.endsWith(`:${FIRST}`)));
  expect(own).toHaveLength(all.length);
});

it('makes nothing that the restricted Pod Security Standard refuses', async () => {
  const events = await list<{ reason: string; message: string }>('events');
  expect(events.filter(({ message }) => message.includes('PodSecurity'))).toEqual([]);
});
