import {
  catalogInternalContract,
  channelsContract,
  playbackContract,
  searchContract,
  videosContract,
  webhooksContract,
} from '@kinora/contracts-catalog';
import { type Endpoint, type Scope, newId, urlOf } from '@kinora/contracts-common';
import { makeReady } from './support/pipeline';
import { type Platform, startPlatform } from './support/platform';

const endpoints = Object.assign(
  {},
  videosContract,
  playbackContract,
  searchContract,
  channelsContract,
  webhooksContract,
  catalogInternalContract,
);
type Name = keyof typeof endpoints;

/** Who calls; all but `service` with the same request, about things of `owner`. */
const callers = ['anon', 'viewer', 'other', 'owner', 'admin', 'key', 'readKey', 'service'] as const;
type Caller = (typeof callers)[number];

let platform: Platform;
const credentials = {} as Record<Caller, Record<string, string>>;
const ids = { videoId: '', channelId: '', webhookId: '', deliveryId: '', grantId: '' };

beforeAll(async () => {
  platform = await startPlatform();
  const { identity } = platform;
  const bearer = async (token: Promise<string>) => ({ authorization: `Bearer ${await token}` });
  const scopes: Scope[] = ['videos:read', 'videos:write', 'webhooks:write'];
  Object.assign(credentials, {
    anon: {},
    viewer: await bearer(identity.person('vera', 'viewer')),
    other: await bearer(identity.person('bob', 'creator')),
    owner: await bearer(identity.person('ada', 'creator')),
    admin: await bearer(identity.person('root', 'admin')),
    key: { 'x-api-key': identity.apiKey('ada', ['creator'], scopes) },
    readKey: { 'x-api-key': identity.apiKey('ada', ['creator'], ['videos:read']) },
    service: await bearer(identity.service('upload')),
  } satisfies typeof credentials);
});
afterAll(() => platform[Symbol.asyncDispose]());

/** Fresh things of `owner` for every row, so that one caller's success does not spoil the next one's request. */
async function things(visibility: 'private' | 'public', playable: boolean): Promise<void> {
  const owner = platform.as({ token: credentials.owner['authorization']?.slice(7) ?? '' });
  const video = await owner.createVideo({ body: { title: 'Mine', visibility } });
  const params = { videoId: video.id };
  if (playable) await makeReady(platform, owner, video.id, 'ada');
  const { grantId } = playable ? await owner.createPlayback({ params, body: {} }) : { grantId: newId('grt') };
  const channel = await owner.createChannel({ body: { handle: `c${newId('req').slice(-20)}`, name: 'Mine' } });
  const webhook = await owner.createWebhook({ body: { url: 'http://127.0.0.1:1/' } });
  const delivery = await owner.testWebhook({ params: { webhookId: webhook.id } });
  Object.assign(ids, {
    ...{ videoId: video.id, channelId: channel.id, grantId, webhookId: webhook.id, deliveryId: delivery.id },
  });
}

const requests: Partial<Record<Name, { query?: object; body?: () => object }>> = {
  createVideo: { body: () => ({ title: 'New' }) },
  updateVideo: { body: () => ({ title: 'Edited' }) },
  createPlayback: { body: () => ({}) },
  search: { query: { q: 'mine' } },
  suggest: { query: { q: 'mi' } },
  createChannel: { body: () => ({ handle: `d${newId('req').slice(-20)}`, name: 'New' }) },
  updateChannel: { body: () => ({ name: 'Edited' }) },
  createWebhook: { body: () => ({ url: 'http://127.0.0.1:1/' }) },
  registerUpload: { body: () => ({ ownerId: 'ada', title: 'Up', existing: false }) },
  describeVideo: { body: () => ({ title: 'Said later' }) },
};

async function statusOf(name: Name, caller: Caller): Promise<number> {
  const e: Endpoint = endpoints[name];
  const { query, body } = requests[name] ?? {};
  const res = await fetch(urlOf(platform.url, e, { params: ids, ...(query && { query }) }), {
    method: e.method.toUpperCase(),
    headers: { ...credentials[caller], ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body()) }),
  });
  const text = await res.text();
  if (res.status >= 400) expect(JSON.parse(text)).toMatchObject({ status: res.status, code: expect.any(String) });
  return res.status;
}

//                     anon viewer other owner admin key readKey service
const matrix: Record<Name, readonly number[]> = {
  createVideo: /*    */ [401, 403, 201, 201, 201, 201, 403, 403],
  listVideos: /*     */ [200, 200, 200, 200, 200, 200, 200, 403],
  getVideo: /*       */ [404, 404, 404, 200, 200, 200, 200, 403],
  updateVideo: /*    */ [401, 404, 404, 200, 200, 200, 403, 403],
  deleteVideo: /*    */ [401, 404, 404, 204, 204, 204, 403, 403],
  createPlayback: /* */ [404, 404, 404, 200, 200, 200, 200, 403],
  revokeGrant: /*    */ [401, 404, 404, 204, 204, 204, 403, 403],
  revokeAllGrants: /**/ [401, 404, 404, 204, 204, 204, 403, 403],
  search: /*         */ [200, 200, 200, 200, 200, 200, 200, 403],
  suggest: /*        */ [200, 200, 200, 200, 200, 200, 200, 403],
  createChannel: /*  */ [401, 403, 201, 201, 201, 201, 403, 403],
  listChannels: /*   */ [200, 200, 200, 200, 200, 200, 200, 403],
  getChannel: /*     */ [200, 200, 200, 200, 200, 200, 200, 403],
  updateChannel: /*  */ [401, 404, 404, 200, 200, 200, 403, 403],
  deleteChannel: /*  */ [401, 404, 404, 204, 204, 204, 403, 403],
  createWebhook: /*  */ [401, 201, 201, 201, 201, 201, 403, 403],
  listWebhooks: /*   */ [401, 200, 200, 200, 200, 200, 403, 403],
  deleteWebhook: /*  */ [401, 404, 404, 204, 404, 204, 403, 403],
  testWebhook: /*    */ [401, 404, 404, 202, 404, 202, 403, 403],
  listDeliveries: /* */ [401, 404, 404, 200, 404, 200, 403, 403],
  replayDelivery: /* */ [401, 404, 404, 202, 404, 202, 403, 403],
  registerUpload: /* */ [404, 404, 404, 404, 404, 404, 404, 200],
  describeVideo: /*  */ [404, 404, 404, 404, 404, 404, 404, 200],
  authorise: /*      */ [404, 404, 404, 404, 404, 404, 404, 200],
  listRevocations: /**/ [404, 404, 404, 404, 404, 404, 404, 200],
};

/** What takes its object away: every caller who may do it needs another. */
const consuming: readonly Name[] = ['deleteVideo', 'deleteChannel', 'deleteWebhook'];
const needsPlayable: readonly Name[] = ['createPlayback', 'revokeGrant'];

it.each(Object.keys(matrix) as Name[])('%s of something private', async (name) => {
  await things('private', needsPlayable.includes(name));
  const got: number[] = [];
  for (const caller of callers) {
    got.push(await statusOf(name, caller));
    if (consuming.includes(name) && got.at(-1) === 204) await things('private', false);
  }
  expect(got).toEqual(matrix[name]);
  // A limit of webhooks is not what is tested here.
  await platform.query('delete from webhooks');
});

it.each<[Name, number[]]>([
  ['getVideo', [200, 200, 200, 200, 200, 200, 200, 403]],
  ['createPlayback', [200, 200, 200, 200, 200, 200, 200, 403]],
  ['updateVideo', [401, 404, 404, 200, 200, 200, 403, 403]],
  ['revokeAllGrants', [401, 404, 404, 204, 204, 204, 403, 403]],
])('%s of something public', async (name, expected) => {
  await things('public', needsPlayable.includes(name));
  const got: number[] = [];
  for (const caller of callers) got.push(await statusOf(name, caller));
  expect(got).toEqual(expected);
});

it('refuses tokens and keys that are not ours, and ids that can’t be', async () => {
  const ask = async (headers: Record<string, string>, path: string) => {
    const res = await fetch(`${platform.url}${path}`, { headers });
    return `${res.status} ${((await res.json()) as { code: string }).code}`;
  };
  expect(await ask({ authorization: 'Bearer a.b.c' }, '/v1/videos')).toBe('401 auth.token_invalid');
  expect(await ask({ 'x-api-key': 'knr_unknown' }, '/v1/videos')).toBe('401 auth.token_invalid');
  expect(await ask({}, '/v1/videos/vid_nonsense')).toBe('404 video.not_found');
  expect(await ask({}, '/v1/videos?limit=1000')).toBe('400 request.invalid');
});
