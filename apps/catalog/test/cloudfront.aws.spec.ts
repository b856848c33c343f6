import { CloudFrontClient, CreateKeyValueStoreCommand } from '@aws-sdk/client-cloudfront';
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { newId } from '@kinora/contracts-common';
import { keyValue } from '@kinora/delivery';
import { SET_UP, asSetUp, backend, eventually, eventuallyHolds, testDistribution } from '@kinora/testing';
import { randomUUID } from 'node:crypto';
import { createInvalidations } from '../src/adapters/cloudfront/invalidations';
import { createKeyValueStore } from '../src/adapters/cloudfront/key-value-store';
import { makeReady } from './support/pipeline';
import { startPlatform } from './support/platform';

const { endpoint, region } = backend('aws');
const cloudFront = new CloudFrontClient(asSetUp(backend('aws')));
const secrets = new SecretsManagerClient(asSetUp(backend('aws')));
afterAll(() => {
  cloudFront.destroy();
  secrets.destroy();
});

async function makeStore() {
  const { KeyValueStore } = await cloudFront.send(new CreateKeyValueStoreCommand({ Name: `kinora-${randomUUID()}` }));
  const arn = KeyValueStore?.ARN ?? '';
  return { arn, open: () => createKeyValueStore({ arn, endpoint }) };
}

/** What is in a store, read over its API by nothing of ours. */
async function contents(arn: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  let next: string | undefined = '';
  while (next !== undefined) {
    const url = new URL(`/key-value-stores/${encodeURIComponent(arn)}/keys`, endpoint);
    url.search = new URLSearchParams({ MaxResults: '50', ...(next !== '' && { NextToken: next }) }).toString();
    const authorization = `AWS4-HMAC-SHA256 Credential=kinora/20260101/${region}/cloudfront-keyvaluestore/aws4_request`;
    const headers = { authorization, 'user-agent': `app/${SET_UP}` };
    const page = (await (await fetch(url, { headers })).json()) as {
      Items: { Key: string; Value: string }[];
      NextToken?: string;
    };
    for (const { Key, Value } of page.Items) found[Key] = Value;
    next = page.NextToken;
  }
  return found;
}

const entries = (count: number, value: string, prefix = 'grant.') =>
  new Map(Array.from({ length: count }, (_, i) => [`${prefix}${String(i).padStart(4, '0')}`, value]));

describe('CloudFront’s key value store', () => {
  it('is made to hold what it should, in more than one request, and nothing else', async () => {
    const { arn, open } = await makeStore();
    const store = await open();
    await store.replace(async () => entries(130, '1'));
    expect(await contents(arn)).toEqual(Object.fromEntries(entries(130, '1')));
    await store.put(async () => entries(60, '2'));
    await store.replace(async () => new Map([...entries(3, '2'), ['own', 'https://kinora.test']]));
    expect(await contents(arn)).toEqual({ ...Object.fromEntries(entries(3, '2')), own: 'https://kinora.test' });
    store.close();
  });

  it('loses nothing that several write at once', async () => {
    const { arn, open } = await makeStore();
    const [here, there] = [await open(), await open()];
    await Promise.all(
      [here, there].flatMap((store, n) =>
        Array.from({ length: 8 }, (_, i) => store.put(async () => entries(2, '1', `grant.${n}${i}.`))),
      ),
    );
    expect(Object.keys(await contents(arn))).toHaveLength(32);
    here.close();
    there.close();
  });

  it('asks again what is to be written when somebody else came first', async () => {
    const { arn, open } = await makeStore();
    const [slow, quick] = [await open(), await open()];
    let [truth, asked] = [5, 0];
    await slow.put(async () => {
      asked += 1;
      const read = new Map([['video.A', String(truth)]]);
      if (asked === 1) {
        truth = 6;
        await quick.put(async () => new Map([['video.A', String(truth)]]));
      }
      return read;
    });
    expect(asked).toBe(2);
    expect(await contents(arn)).toEqual({ 'video.A': '6' });
    slow.close();
    quick.close();
  });
});

it('a deletion that is told twice is one invalidation, and another is another', async () => {
  const distribution = await testDistribution(backend('aws'));
  const copies = await createInvalidations({ distributionId: distribution.id, endpoint });
  const [one, two] = [newId('vid'), newId('vid')];
  for (const videoId of [one, two, one]) await copies.forget(videoId);
  expect((await distribution.invalidatedPaths()).sort()).toEqual([`/media/${one}/*`, `/media/${two}/*`].sort());
  copies.close();
  distribution.close();
});

it('catalog tells CloudFront of keys, revocations and deletions', async () => {
  const distribution = await testDistribution(backend('aws'));
  const arn = distribution.storeArn;
  await using platform = await startPlatform({
    CLOUDFRONT_KVS_ARN: arn,
    CLOUDFRONT_KVS_ENDPOINT: endpoint,
    CLOUDFRONT_DISTRIBUTION_ID: distribution.id,
    CLOUDFRONT_ENDPOINT: endpoint,
    CLOUDFRONT_OWN_ORIGINS: 'https://studio.kinora.test',
  });
  const owner = platform.as({ token: await platform.identity.person('ada', 'creator') });
  const { id: videoId } = await owner.createVideo({ body: { title: 'Film', visibility: 'unlisted' } });
  await makeReady(platform, owner, videoId, 'ada');
  await eventuallyHolds(async () =>
    expect(await contents(arn)).toEqual({
      [keyValue.key('k1')]: expect.any(String),
      [keyValue.own]: 'https://kinora.test https://studio.kinora.test',
    }),
  );

  const params = { videoId };
  const grant = await owner.createPlayback({ params, body: {} });
  await owner.revokeGrant({ params: { videoId, grantId: grant.grantId } });
  const revokedAt = Date.now();
  const end = String(Date.parse(grant.expiresAt) / 1000);
  await eventuallyHolds(async () =>
    expect(await contents(arn)).toMatchObject({ [keyValue.grant(grant.grantId)]: end }),
  );
  // Our part of the bound; CloudFront's own is how fast the store reaches its edges.
  expect(Date.now() - revokedAt).toBeLessThan(5_000);
  expect(Object.keys(await contents(arn)).filter((name) => name.startsWith('times.'))).toEqual([
    expect.stringMatching(new RegExp(`^times\\.\\d+-${end}$`)),
  ]);

  await owner.revokeAllGrants({ params });
  const untilOf = async () => Number.parseInt((await contents(arn))[keyValue.video(videoId)] ?? '', 10);
  const first = await eventually(async () => (await untilOf()) || undefined);
  await owner.deleteVideo({ params });
  await eventually(async () => (await untilOf()) > first);
  await eventuallyHolds(async () => expect(await distribution.invalidatedPaths()).toEqual([`/media/${videoId}/*`]));

  // What has ended goes when the store is tidied, which a starting replica does.
  await platform.query(`update revocations set expires_at = now() - interval '1 second'`);
  await platform.startReplica();
  await eventuallyHolds(async () =>
    expect(Object.keys(await contents(arn)).sort()).toEqual([keyValue.key('k1'), keyValue.own].sort()),
  );
});

it('catalog signs by a new key without a restart, after CloudFront knows it', async () => {
  const { arn } = await makeStore();
  const name = `kinora/${randomUUID()}`;
  const secret = (fill: string): string => Buffer.alloc(32, fill).toString('base64');
  await secrets.send(new CreateSecretCommand({ Name: name, SecretString: JSON.stringify({ k1: secret('1') }) }));
  await using platform = await startPlatform({
    GRANT_KEYS: `secretsmanager://${name}`,
    SECRETS_ENDPOINT: endpoint,
    SECRETS_REFRESH_SECONDS: '0.2',
    CLOUDFRONT_KVS_ARN: arn,
    CLOUDFRONT_KVS_ENDPOINT: endpoint,
  });
  const owner = platform.as({ token: await platform.identity.person('ada', 'creator') });
  const { id: videoId } = await owner.createVideo({ body: { title: 'Film', visibility: 'unlisted' } });
  await makeReady(platform, owner, videoId, 'ada');
  const kidOf = (url: string) => /\/t\/1\.(\w+)\./.exec(url)?.[1];
  const signs = async () => kidOf((await owner.createPlayback({ params: { videoId }, body: {} })).hls);
  expect(await signs()).toBe('k1');

  const rotate = (keys: object) =>
    secrets.send(new PutSecretValueCommand({ SecretId: name, SecretString: JSON.stringify(keys) }));
  await rotate({ k2: secret('2'), k1: secret('1') });
  await eventually(async () => (await signs()) === 'k2');
  expect(kidOf((await owner.getVideo({ params: { videoId } })).poster ?? '')).toBe('k2');
  const keysThere = async () =>
    Object.keys(await contents(arn))
      .filter((one) => one.startsWith('key.'))
      .sort();
  expect(await keysThere()).toEqual(['key.k1', 'key.k2']);

  await rotate({ k2: secret('2') });
  await eventuallyHolds(async () => expect(await keysThere()).toEqual(['key.k2']));
});
