import { newId } from '@kinora/contracts-common';
import { type Grant, layout } from '@kinora/delivery';
import { eventually } from '@kinora/testing';
import { cookieHeader, type Edge, publish, startEdge } from './edge-fixture';

let edge: Edge;
let video: Awaited<ReturnType<typeof publish>>;
let grant: Grant;
beforeAll(async () => {
  edge = await startEdge();
  video = await publish(edge);
  grant = edge.grant(video);
});
afterAll(() => edge.close());

const tokenPath = (key: string, by = grant): string => `/t/${by.token}/${key}`;
const codeOf = async (res: Response): Promise<unknown> => {
  expect(res.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(res.headers.get('cache-control')).toBe('no-store');
  return ((await res.json()) as { code: unknown }).code;
};

describe('media by path token', () => {
  it.each([
    ['main', 'application/vnd.apple.mpegurl', 'public, max-age=1'],
    ['playlist', 'application/vnd.apple.mpegurl', 'public, max-age=1'],
    ['mpd', 'application/dash+xml', 'public, max-age=60'],
    ['init', 'video/mp4', 'public, max-age=31536000, immutable'],
    ['segment', 'video/iso.segment', 'public, max-age=31536000, immutable'],
    ['large', 'video/iso.segment', 'public, max-age=31536000, immutable'],
    ['poster', 'image/jpeg', 'public, max-age=31536000, immutable'],
    ['storyboard', 'text/vtt; charset=utf-8', 'public, max-age=31536000, immutable'],
  ] as const)('serves the %s with its type and cache policy', async (name, type, policy) => {
    const res = await edge.get(tokenPath(video.keys[name]));
    expect(res.status).toBe(200);
    expect([res.headers.get('content-type'), res.headers.get('cache-control')]).toEqual([type, policy]);
    expect(res.headers.get('x-content-type-options')).toBe('nosniff');
    expect(res.headers.get('accept-ranges')).toBe('bytes');
    const body = Buffer.from(await res.arrayBuffer());
    expect(body.length).toBe(Number(res.headers.get('content-length')));
    expect(body.length).toBe((await edge.stores.distribution.head(video.keys[name]))?.size);
  });

  it('serves the URLs that a grant names, and what they lead to', async () => {
    for (const url of [grant.hls, grant.dash, grant.poster, grant.storyboard])
      expect((await edge.get(url)).status).toBe(200);
    expect((await edge.get(new URL('v720/1.m4s', new URL('v720.m3u8', grant.hls)).href)).status).toBe(200);
  });

  it.each(['segment', 'large'] as const)('serves ranges of the %s', async (name) => {
    const whole = Buffer.from(await (await edge.get(tokenPath(video.keys[name]))).arrayBuffer());
    const part = await edge.get(tokenPath(video.keys[name]), { headers: { range: 'bytes=3-6' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 3-6/${whole.length}`]);
    expect(await part.text()).toBe(whole.subarray(3, 7).toString());
    const tail = await edge.get(tokenPath(video.keys[name]), { headers: { range: 'bytes=-4' } });
    expect(await tail.text()).toBe(whole.subarray(-4).toString());
    const many = await edge.get(tokenPath(video.keys[name]), { headers: { range: 'bytes=0-1,3-4' } });
    expect([many.status, (await many.arrayBuffer()).byteLength]).toEqual([200, whole.length]);
    const past = await edge.get(tokenPath(video.keys[name]), { headers: { range: `bytes=${whole.length}-` } });
    expect([past.status, past.headers.get('content-range')]).toEqual([416, `bytes */${whole.length}`]);
  });

  it('answers conditions', async () => {
    const url = tokenPath(video.keys.segment);
    const first = await edge.get(url);
    const [etag, modified] = [first.headers.get('etag') ?? '', first.headers.get('last-modified') ?? ''];
    const status = async (headers: Record<string, string>) => (await edge.get(url, { headers })).status;
    expect(await status({ 'if-none-match': etag })).toBe(304);
    expect(await status({ 'if-modified-since': modified })).toBe(304);
    expect(await status({ 'if-none-match': '"other"' })).toBe(200);
    expect(await status({ range: 'bytes=0-1', 'if-range': etag })).toBe(206);
    expect(await status({ range: 'bytes=0-1', 'if-range': '"other"' })).toBe(200);
  });

  it('answers HEAD without a body, and no other method', async () => {
    const head = await edge.get(tokenPath(video.keys.segment), { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), (await head.arrayBuffer()).byteLength]).toEqual([
      200,
      '11',
      0,
    ]);
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await edge.get(tokenPath(video.keys.segment), { method })).status).toBe(405);
  });

  it('lets pages of any origin read, and own pages with cookies', async () => {
    const of = async (origin: string, init: RequestInit = {}) =>
      edge.get(tokenPath(video.keys.main), { ...init, headers: { origin } });
    const stranger = await of('https://elsewhere.test');
    expect([
      stranger.headers.get('access-control-allow-origin'),
      stranger.headers.get('access-control-allow-credentials'),
    ]).toEqual(['*', null]);
    const own = await of('https://kinora.test');
    expect([
      own.headers.get('access-control-allow-origin'),
      own.headers.get('access-control-allow-credentials'),
    ]).toEqual(['https://kinora.test', 'true']);
    expect(own.headers.get('vary')).toBe('origin');
    expect(own.headers.get('access-control-expose-headers')).toContain('content-range');
    const preflight = await of('https://elsewhere.test', { method: 'OPTIONS' });
    expect([preflight.status, preflight.headers.get('access-control-allow-headers')?.includes('range')]).toEqual([
      204,
      true,
    ]);
  });

  it('sees a manifest grow within a second, and close', async () => {
    const text = async () => {
      const res = await edge.get(tokenPath(video.keys.playlist));
      return { body: await res.text(), policy: res.headers.get('cache-control') };
    };
    expect((await text()).body).not.toContain('2.m4s');
    const started = Date.now();
    const closed = '#EXTM3U\n#EXTINF:2,\nv720/1.m4s\n#EXTINF:4,\nv720/2.m4s\n#EXT-X-ENDLIST\n';
    await edge.stores.distribution.put(video.keys.playlist, Buffer.from(closed), {
      contentType: 'application/vnd.apple.mpegurl',
    });
    const seen = await eventually(async () => {
      const now = await text();
      return now.body === closed && now;
    });
    expect(Date.now() - started).toBeLessThan(1_000);
    expect(seen.policy).toBe('public, max-age=60');
  });

  it('says 404 for what is not there, to those who may ask', async () => {
    const res = await edge.get(tokenPath(layout.segment(video.videoId, video.encodingId, 'v720', 99)));
    expect([res.status, await codeOf(res)]).toEqual([404, 'media.not_found']);
  });

  it('asks the store once, however many want the same at once', async () => {
    const key = layout.segment(video.videoId, video.encodingId, 'v720', 3);
    await edge.stores.distribution.put(key, Buffer.alloc(90_000, 'x'), { contentType: 'video/iso.segment' });
    const before = await edge.metric('edge_cache_requests_total');
    await Promise.all(
      Array.from({ length: 20 }, async () =>
        expect((await (await edge.get(tokenPath(key))).arrayBuffer()).byteLength).toBe(90_000),
      ),
    );
    await edge.stores.distribution.delete(key);
    expect((await edge.get(tokenPath(key))).status).toBe(200);
    expect(await edge.metric('edge_cache_requests_total')).not.toBe(before);
    expect(await edge.metric('edge_cache_bytes')).toMatch(/ \d{5,}$/);
  });
});

describe('refusals', () => {
  const other = `media/${newId('vid')}/enc_1/main.m3u8`;
  it.each<[string, () => string, string]>([
    ['no grant', () => `/${video.keys.segment}`, 'grant.required'],
    ['no grant, no such object', () => `/media/${newId('vid')}/x/y.m4s`, 'grant.required'],
    ['a broken token', () => `/t/abc/${video.keys.segment}`, 'grant.invalid'],
    ['no path after the token', () => `/t/${grant.token}`, 'grant.invalid'],
    [
      'a changed token',
      () => tokenPath(video.keys.segment).replace(/\.[^./]+\//, '.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/'),
      'grant.invalid',
    ],
    ['a token of another video', () => tokenPath(other), 'grant.invalid'],
    [
      'encoded traversal to another video',
      () => `/t/${grant.token}/media/${video.videoId}/%2e%2e/${other.slice(6)}`,
      'grant.invalid',
    ],
    ['double-encoded traversal', () => `/t/${grant.token}/media/${video.videoId}/%252e%252e/x`, 'grant.invalid'],
    ['a malformed escape', () => `/t/${grant.token}/media/${video.videoId}/%zz`, 'grant.invalid'],
    ['two slashes', () => `/t/${grant.token}//${video.keys.segment}`, 'grant.invalid'],
    [
      'an expired token',
      () => tokenPath(video.keys.segment, edge.grant({ ...video, now: Date.now() - 7200_000 })),
      'grant.expired',
    ],
    [
      'a token for another origin',
      () => tokenPath(video.keys.segment, edge.grant({ ...video, embedOrigin: 'https://a.test' })),
      'grant.invalid',
    ],
    [
      'a token for a country',
      () => tokenPath(video.keys.segment, edge.grant({ ...video, countries: ['DE'] })),
      'grant.invalid',
    ],
    [
      'the key under the wrong root',
      () => tokenPath(video.keys.segment).replace('/media/', '/store/'),
      'grant.invalid',
    ],
  ])('%s', async (_, path, code) => {
    const res = await edge.get(path());
    expect([res.status, await codeOf(res)]).toEqual([403, code]);
  });

  it('come before the cache: a hot object is not for the unsigned', async () => {
    expect((await edge.get(tokenPath(video.keys.segment))).status).toBe(200);
    expect((await edge.get(`/${video.keys.segment}`)).status).toBe(403);
    expect((await edge.get(`/${video.keys.segment}`, { headers: { 'if-none-match': '*' } })).status).toBe(403);
    expect(await edge.metric('edge_denials_total')).toContain('reason="unsigned"');
  });

  it('let a bound token play on its page and on ours', async () => {
    const path = tokenPath(video.keys.main, edge.grant({ ...video, embedOrigin: 'https://a.test' }));
    const status = async (headers: Record<string, string>) => (await edge.get(path, { headers })).status;
    expect(await status({ origin: 'https://a.test' })).toBe(200);
    expect(await status({ referer: 'https://a.test/page?x' })).toBe(200);
    expect(await status({ origin: 'https://kinora.test' })).toBe(200);
    expect(await status({ origin: 'https://b.test', referer: 'https://a.test/' })).toBe(403);
    expect(await status({ referer: 'nonsense' })).toBe(403);
  });
});

describe('media by CloudFront signature', () => {
  it('opens the video with its cookies', async () => {
    const headers = { cookie: `theme=dark; ${cookieHeader(grant)}` };
    const res = await edge.get(grant.cookieHls, { headers });
    expect([res.status, res.headers.get('cache-control')]).toEqual([200, 'private, max-age=1']);
    expect((await edge.get(grant.cookieDash, { headers })).status).toBe(200);
    expect((await edge.get(`/${video.keys.large}`, { headers })).status).toBe(200);
    expect((await edge.get(grant.cookieHls)).status).toBe(403);
  });

  it('opens no other video with them, by whatever path', async () => {
    const another = await publish(edge);
    const headers = { cookie: cookieHeader(grant) };
    const paths = [
      `/${another.keys.segment}`,
      `/media/${video.videoId}/%2e%2e/${another.keys.segment.slice(6)}`,
      `/media/${video.videoId}/..%2f${another.keys.segment.slice(6)}`,
      `/media/${video.videoId}//x`,
    ];
    for (const path of paths)
      expect([path, await codeOf(await edge.get(path, { headers }))]).toEqual([path, 'grant.invalid']);
    const twice = await edge.get(grant.cookieHls, {
      headers: { cookie: `${cookieHeader(grant)}; CloudFront-Policy=x` },
    });
    expect(twice.status).toBe(403);
  });

  it('opens one file with a signed URL, and does not fall back on cookies', async () => {
    const signed = grant.signFile(video.keys.poster);
    expect((await edge.get(signed)).status).toBe(200);
    expect((await edge.get(signed.replace('poster.jpg', 'storyboard.vtt'))).status).toBe(403);
    const broken = signed.replace(/Signature=./, 'Signature=~');
    expect((await edge.get(broken, { headers: { cookie: cookieHeader(grant) } })).status).toBe(403);
  });
});

describe('revocation', () => {
  const until = async (path: string, headers: Record<string, string>, code: string): Promise<number> => {
    const started = Date.now();
    await eventually(async () => {
      const res = await edge.get(path, { headers });
      return res.status === 403 && (await codeOf(res)) === code;
    });
    return Date.now() - started;
  };

  it('takes back one grant in all its spellings, and no other', async () => {
    const [mine, yours] = [edge.grant({ ...video, grantId: newId('grt', Date.now() - 5_000) }), edge.grant(video)];
    const grantId = `grt_${mine.token.split('.')[3] ?? ''}`;
    const signed = mine.signFile(video.keys.poster).replace('https://kinora.test', '');
    expect((await edge.get(signed)).status).toBe(200);
    edge.peers.revoked.grants.push({ grantId, expiresAt: mine.expiresAt.toISOString() });
    expect(await until(tokenPath(video.keys.segment, mine), {}, 'grant.revoked')).toBeLessThan(5_000);
    await until(`/${video.keys.segment}`, { cookie: cookieHeader(mine) }, 'grant.revoked');
    await until(signed, {}, 'grant.revoked');
    expect((await edge.get(tokenPath(video.keys.segment, yours))).status).toBe(200);
    expect((await edge.get(yours.cookieHls, { headers: { cookie: cookieHeader(yours) } })).status).toBe(200);
  });

  it('takes back all grants of a video until a time, and stays while catalog is away', async () => {
    const taken = await publish(edge);
    const old = edge.grant({ ...taken, grantId: newId('grt', Date.now() - 60_000) });
    expect((await edge.get(old.hls)).status).toBe(200);
    edge.peers.revoked.videos.push({
      videoId: taken.videoId,
      issuedUntil: new Date(Date.now() - 10_000).toISOString(),
      expiresAt: old.expiresAt.toISOString(),
    });
    await until(new URL(old.hls).pathname, {}, 'grant.revoked');
    await until(new URL(old.cookieHls).pathname, { cookie: cookieHeader(old) }, 'grant.revoked');
    const renewed = edge.grant(taken);
    expect((await edge.get(renewed.hls)).status).toBe(200);
    edge.peers.down = true;
    expect((await edge.get(old.hls)).status).toBe(403);
    expect((await edge.get(renewed.hls)).status).toBe(200);
    expect((await fetch(`${edge.url}/readyz`)).status).toBe(200);
    edge.peers.down = false;
  });
});

describe('the data plane', () => {
  it('takes parts and gives objects by signed URL', async () => {
    const { staging } = edge.stores;
    const key = `uploads/${newId('upl')}/source`;
    const { multipartId } = await staging.createMultipart(key, { contentType: 'video/mp4' });
    const { url } = await staging.signPart({ key, multipartId, partNumber: 1, size: 3, expiresInSeconds: 60 });
    expect((await edge.get(url, { method: 'PUT', body: 'abcd' })).status).toBe(400);
    const put = await edge.get(url, { method: 'PUT', body: 'abc' });
    expect(put.status).toBe(200);
    await staging.completeMultipart(key, multipartId, [{ partNumber: 1, etag: put.headers.get('etag') ?? '' }]);
    expect(await (await edge.get(await staging.signGet(key, { expiresInSeconds: 60 }))).text()).toBe('abc');
    expect((await edge.get(`/store/staging/${key}`)).status).toBe(403);
    expect(await edge.metric('edge_store_requests_total')).toContain('outcome="store.size_mismatch"');
  });
});
