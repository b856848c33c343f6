import { getSignedCookies, getSignedUrl } from '@aws-sdk/cloudfront-signer';
import { newId } from '@kinora/contracts-common';
import { layout, toldOf } from '@kinora/delivery';
import { signatureVectors, tokenVectors } from '@kinora/delivery/vectors';
import { eventuallyHolds } from '@kinora/testing';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Edge, publish, startEdge } from './edge-fixture';

/** Sends the path as it is; `fetch` would take out dots and slashes before edge sees them. */
const send = async (edge: Edge, target: string, headers: Readonly<Record<string, string>>, method = 'GET') => {
  const { hostname, port } = new URL(edge.url);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ hostname, port, path: target, method, headers }, resolve).on('error', reject).end();
  });
  const body = await text(response);
  const problem = response.headers['content-type']?.startsWith('application/problem+json') && body !== '';
  return { status: response.statusCode, body, code: problem ? (JSON.parse(body) as { code: string }).code : undefined };
};

const [videoId, encodingId] = [newId('vid'), newId('enc')];
const published = { now: Date.now(), videoId, key: layout.segment(videoId, encodingId, 'v720', 1) };

describe('path tokens, by edge', () => {
  const { world, vectors } = tokenVectors(published);
  let edge: Edge;
  beforeAll(async () => {
    edge = await startEdge({ GRANT_KEYS: world.grantKeysJson, EDGE_COUNTRY_HEADER: 'cloudfront-viewer-country' });
    await publish(edge, videoId, encodingId);
    const iso = (ms: number): string => new Date(ms).toISOString();
    const { grants, videos } = edge.peers.revoked;
    grants.push(...world.revokedGrants.map((one) => ({ ...one, expiresAt: iso(one.expiresAt) })));
    videos.push(
      ...world.revokedVideos.map((one) => ({
        ...one,
        issuedUntil: iso(one.issuedUntil),
        expiresAt: iso(one.expiresAt),
      })),
    );
    const revoked = vectors.find(({ wanted }) => wanted === 'revoked');
    await eventuallyHolds(async () => expect((await send(edge, revoked?.target ?? '', {})).code).toBe('grant.revoked'));
  });
  afterAll(() => edge.close());

  it.each(vectors.map((one) => [one.name, one] as const))('%s', async (_, { target, headers, wanted }) => {
    const answer = await send(edge, target, headers);
    if (wanted === 'ok') expect([answer.status, answer.body]).toEqual([200, 'segment one']);
    else expect([answer.status, answer.code]).toEqual([403, `grant.${toldOf(wanted)}`]);
  });
});

describe('signatures of AWS’s own signer, by edge', () => {
  const { world, vectors } = signatureVectors(published, {
    url: (options) => getSignedUrl(options as Parameters<typeof getSignedUrl>[0]),
    cookies: (options) => getSignedCookies(options as Parameters<typeof getSignedCookies>[0]),
  });
  let edge: Edge;
  beforeAll(async () => {
    edge = await startEdge({ CLOUDFRONT_KEYS: world.keysJson });
    await publish(edge, videoId, encodingId);
  });
  afterAll(() => edge.close());

  it.each(vectors.map((one) => [one.name, one] as const))(
    '%s',
    async (_, { target, headers, method, wanted, status }) => {
      const answer = await send(edge, target, headers, method);
      expect(answer.status).toBe(status);
      if (status === 200) expect(answer.body).toBe(method === 'HEAD' ? '' : 'segment one');
      if (status === 403 && method !== 'HEAD')
        expect(answer.code).toBe(`grant.${toldOf(wanted === 'ok' ? 'out_of_scope' : wanted)}`);
    },
  );

  it('serves nothing of its cache to the unsigned', async () => {
    const [good, none] = ['cookies', 'nothing at all'].map((wanted) => vectors.find(({ name }) => name === wanted));
    const { target = '', headers = {} } = good ?? {};
    const hits = async () =>
      Number(/outcome="hit"[^}]*\} (\d+)/.exec(await edge.metric('edge_cache_requests_total'))?.[1] ?? 0);
    await send(edge, target, headers);
    const before = await hits();
    expect((await send(edge, target, headers)).status).toBe(200);
    expect(await hits()).toBe(before + 1);
    for (const more of [{}, { 'if-none-match': '*' }, { range: 'bytes=0-0' }])
      expect((await send(edge, none?.target ?? '', more)).code).toBe('grant.required');
    expect(await hits()).toBe(before + 1);
  });
});
