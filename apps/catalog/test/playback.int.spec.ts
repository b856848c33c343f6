import { SESSION_TOKEN_AUDIENCE, SessionClaims } from '@kinora/contracts-analytics';
import { newId } from '@kinora/contracts-common';
import {
  issuedAtOf,
  parseGrantKeys,
  parseVerificationKeys,
  verifyPathToken,
  verifySignedCookies,
  verifySignedUrl,
} from '@kinora/delivery';
import { jwtVerify } from 'jose';
import { makeReady } from './support/pipeline';
import {
  type Catalog,
  type Platform,
  cloudFrontKeysJson,
  grantKeysJson,
  publicUrl,
  sessionTokenKey,
  startPlatform,
} from './support/platform';
import { problemOf } from './support/problem';

const grantKeys = parseGrantKeys(grantKeysJson);
const cloudFrontKeys = parseVerificationKeys(cloudFrontKeysJson);
const ownerId = 'ada';

let platform: Platform;
let owner: Catalog;
let edge: Catalog;
let videoId: string;
let encodingId: string;

beforeAll(async () => {
  platform = await startPlatform();
  owner = platform.as({ token: await platform.identity.person(ownerId, 'creator') });
  edge = platform.as({ token: await platform.identity.service('edge') });
  videoId = (await owner.createVideo({ body: { title: 'Film', visibility: 'unlisted' } })).id;
  encodingId = await makeReady(platform, owner, videoId, ownerId);
});
afterAll(() => platform[Symbol.asyncDispose]());

const play = (by: Catalog = platform.as(), body = {}) => by.createPlayback({ params: { videoId }, body });

/** What a path token in a URL is worth, judged as edge judges it. */
const check = (url: string, more = {}) => {
  const [, token = '', path = ''] = /\/t\/([^/]+)(\/media\/.+)$/.exec(url) ?? [];
  return verifyPathToken(token, grantKeys, { now: Date.now(), path, ...more });
};
const claimsOf = async (token: string) => {
  const key = new TextEncoder().encode(sessionTokenKey);
  const { payload } = await jwtVerify(token, key, { audience: SESSION_TOKEN_AUDIENCE, algorithms: ['HS256'] });
  return SessionClaims.parse(payload);
};

it('is one grant in three spellings', async () => {
  const res = await fetch(`${platform.url}/v1/videos/${videoId}/playback`, { method: 'POST' });
  expect(res.status).toBe(200);
  expect(res.headers.get('cache-control')).toBe('no-store');
  const grant = (await res.json()) as Awaited<ReturnType<typeof play>>;
  const prefix = `media/${videoId}/${encodingId}`;

  for (const [url, file] of [
    [grant.hls, 'main.m3u8'],
    [grant.dash, 'manifest.mpd'],
    [grant.poster ?? '', 'poster.jpg'],
    [grant.storyboard ?? '', 'storyboard.vtt'],
  ] as const) {
    expect(url.startsWith(`${publicUrl}/t/`)).toBe(true);
    expect(check(url)).toMatchObject({
      ...{ ok: true, key: `${prefix}/${file}`, grantId: grant.grantId, sessionId: grant.sessionId },
      expiresAt: Date.parse(grant.expiresAt) / 1000,
    });
  }

  const set = res.headers.getSetCookie();
  const cookies = new Map(set.map((one) => [one.split('=')[0] ?? '', [/=([^;]*)/.exec(one)?.[1] ?? '']]));
  for (const one of set) expect(one).toMatch(/Path=\/media\/vid_.+; HttpOnly; Secure; SameSite=/);
  const signed = (url: string) => verifySignedCookies(cookies, { url, now: Date.now() }, cloudFrontKeys);
  expect(grant.cookieHls).toBe(`${publicUrl}/${prefix}/main.m3u8`);
  expect(signed(grant.cookieHls)).toMatchObject({
    ok: true,
    policy: { dateLessThan: Date.parse(grant.expiresAt) / 1000 },
  });
  expect(signed(grant.cookieDash)).toMatchObject({ ok: true });
  expect(signed(`${publicUrl}/media/${newId('vid')}/x`)).toMatchObject({ ok: false, reason: 'wrong_resource' });

  const single = (url: string) => verifySignedUrl({ url, now: Date.now() }, cloudFrontKeys);
  expect(single(grant.signedPoster ?? '')).toMatchObject({ ok: true });
  expect(single((grant.signedPoster ?? '').replace('poster.jpg', 'main.m3u8'))).toMatchObject({ ok: false });
});

it('binds an embedded grant to its page, and then has no cookies', async () => {
  const grant = await play(undefined, { embedOrigin: 'https://blog.example/post/1' });
  expect(check(grant.hls)).toMatchObject({ ok: false, reason: 'wrong_origin' });
  expect(check(grant.hls, { origin: 'https://blog.example' })).toMatchObject({ ok: true });
  expect(grant.signedPoster).toBeNull();
});

it('names sessions and viewers for the beacons', async () => {
  const first = await play(undefined, { viewerId: 'phone' });
  const claims = await claimsOf(first.sessionToken);
  expect(claims).toMatchObject({ sid: first.sessionId, vid: videoId, own: ownerId, dur: 9_960, cls: 'device' });
  expect(claims.vwr).not.toContain('phone');
  expect((await claimsOf((await play(owner)).sessionToken)).cls).toBe('account');
  expect(await claimsOf((await play()).sessionToken)).toMatchObject({ cls: 'none' });
  expect(await claimsOf((await play(undefined, { viewerId: 'phone' })).sessionToken)).toMatchObject({
    vwr: claims.vwr,
  });
});

it('goes on with a session for who can prove it, and for nobody else', async () => {
  const first = await play(undefined, { viewerId: 'phone' });
  const { sessionId, sessionToken } = first;
  const renewed = await play(undefined, { viewerId: 'phone', sessionId, sessionToken });
  expect(renewed.sessionId).toBe(sessionId);
  expect(renewed.grantId).not.toBe(first.grantId);
  const [before, after] = [await claimsOf(sessionToken), await claimsOf(renewed.sessionToken)];
  expect(after.beg).toBe(before.beg);

  const forged = `${sessionToken.slice(0, -4)}AAAA`;
  for (const body of [
    { viewerId: 'phone', sessionId },
    { viewerId: 'phone', sessionId, sessionToken: forged },
    { viewerId: 'tablet', sessionId, sessionToken },
    { viewerId: 'phone', sessionId: newId('ses'), sessionToken },
  ])
    expect((await play(undefined, body)).sessionId).not.toBe(sessionId);
});

it('is not to be had for what can’t be watched yet', async () => {
  const { id } = await owner.createVideo({ body: { title: 'Draft' } });
  const of = (by: Catalog) => problemOf(by.createPlayback({ params: { videoId: id }, body: {} }));
  expect(await of(owner)).toBe('409 video.not_playable');
  expect(await of(platform.as())).toBe('404 video.not_found');
});

it('tells revocations to edge, one grant or all', async () => {
  const [one, kept] = [await play(), await play()];
  const start = await edge.listRevocations({ query: {} });
  const params = { videoId, grantId: one.grantId };
  await owner.revokeGrant({ params });
  await owner.revokeGrant({ params });
  const next = await edge.listRevocations({ query: { cursor: start.cursor } });
  expect(next.grants).toEqual([{ grantId: one.grantId, expiresAt: one.expiresAt }]);
  expect(next.videos).toEqual([]);
  expect(await problemOf(owner.revokeGrant({ params: { videoId, grantId: newId('grt') } }))).toBe(
    '404 grant.not_found',
  );

  await owner.revokeAllGrants({ params: { videoId } });
  const last = await edge.listRevocations({ query: { cursor: next.cursor } });
  expect(last.grants).toEqual([]);
  expect(last.videos).toHaveLength(1);
  const until = Date.parse(last.videos[0]?.issuedUntil ?? '');
  expect(issuedAtOf(kept.grantId)).toBeLessThanOrEqual(until);
  // What comes after is good: a new grant, and the poster in lists.
  expect(issuedAtOf((await play()).grantId)).toBeGreaterThanOrEqual(until);
  const poster = check((await owner.getVideo({ params: { videoId } })).poster ?? '');
  expect(poster.ok && issuedAtOf(poster.grantId)).toBeGreaterThan(until);

  // A cursor from another life of the database: everything again.
  const all = await edge.listRevocations({ query: { cursor: '999999999' } });
  expect(all).toEqual(await edge.listRevocations({ query: {} }));
  expect(all.grants).toHaveLength(1);
});

it('has stable poster URLs in lists, good for this video alone', async () => {
  const poster = async () => (await owner.getVideo({ params: { videoId } })).poster ?? '';
  const url = await poster();
  expect(await poster()).toBe(url);
  expect(check(url)).toMatchObject({ ok: true, key: `media/${videoId}/${encodingId}/poster.jpg` });
});

it('ends for those who watch when a video becomes private', async () => {
  const { cursor } = await edge.listRevocations({ query: {} });
  await owner.updateVideo({ params: { videoId }, body: { visibility: 'private' } });
  expect((await edge.listRevocations({ query: { cursor } })).videos).toMatchObject([{ videoId }]);
  expect(await problemOf(play())).toBe('404 video.not_found');
  expect((await play(owner)).grantId).toMatch(/^grt_/);
});

it('misses no revocation, however many are made at once', async () => {
  await owner.updateVideo({ params: { videoId }, body: { visibility: 'public' } });
  const grants = await Promise.all(Array.from({ length: 20 }, () => play()));
  const seen = new Set<string>();
  let { cursor } = await edge.listRevocations({ query: {} });
  let working = true;
  const poll = (async () => {
    for (;;) {
      const last = !working;
      const page = await edge.listRevocations({ query: { cursor } });
      for (const { grantId } of page.grants) seen.add(grantId);
      cursor = page.cursor;
      if (last) return;
    }
  })();
  await Promise.all(grants.map(({ grantId }) => owner.revokeGrant({ params: { videoId, grantId } })));
  working = false;
  await poll;
  expect([...seen].sort()).toEqual(grants.map((one) => one.grantId).sort());
});
