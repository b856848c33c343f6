import { nodeBinary, workspaceRoot } from '@kinora/testing';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { cloudFrontRuntime } from '../../../test/cloudfront-runtime';
import { fingerprintOf, issuedAtOf } from '../../grant/grant-times';
import { toldOf } from '../../grant/refusals';
import { layout } from '../../layout';
import { tokenVectors } from '../../vectors/token-vectors';
import { encode } from '../base64';
import { keyValue } from '../key-values';
import { policyJson } from '../policy';
import { type Values, type ViewerEvent } from './event';

const videoId = 'vid_01J0000000000000000000000A';
const key = layout.segment(videoId, 'enc_01J0000000000000000000000E', 'v720', 1);
const now = Date.now();
const { world, vectors } = tokenVectors({ now, videoId, key });

/** The world of the vectors, as catalog writes it into the store. */
const store = new Map([
  [keyValue.own, `${world.ownOrigin} https://studio.kinora.test`],
  ...Object.entries(JSON.parse(world.grantKeysJson) as Record<string, string>).map(
    ([kid, secret]) => [keyValue.key(kid), secret] as const,
  ),
  ...world.revokedGrants.flatMap(({ grantId, expiresAt }) => {
    const [issued, end] = [Math.floor(issuedAtOf(grantId) / 1000), expiresAt / 1000];
    return [
      [keyValue.grant(grantId), String(end)],
      [keyValue.times(fingerprintOf(issued, end)), String(end)],
    ] as const;
  }),
  ...world.revokedVideos.map(
    ({ videoId: id, issuedUntil, expiresAt }) => [keyValue.video(id), `${issuedUntil} ${expiresAt / 1000}`] as const,
  ),
]);

const valuesOf = (pairs: Readonly<Record<string, string>>): Values =>
  Object.fromEntries(Object.entries(pairs).map(([name, value]) => [name, { value }]));

/** A request as CloudFront hands it over. */
function eventFor(target: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): ViewerEvent {
  const [uri = '', query = ''] = target.split(/\?(.*)/);
  const split = (text: string, by: string): Values =>
    valuesOf(
      Object.fromEntries(
        text
          .split(by)
          .filter(Boolean)
          .map((pair) => pair.split(/=(.*)/)),
      ) as Record<string, string>,
    );
  const { cookie = '', ...rest } = headers;
  return {
    context: { requestId: 'a-request' },
    request: {
      ...{ method, uri, querystring: split(query, '&'), cookies: split(cookie, '; '), headers: valuesOf(rest) },
    },
  };
}

let code = '';
beforeAll(() => {
  execFileSync(nodeBinary(), ['tools/build/cloudfront.mjs'], { cwd: workspaceRoot, stdio: 'pipe' });
  code = readFileSync(path.join(workspaceRoot, 'dist/cloudfront/viewer-request.js'), 'utf8');
});
const runtime = (values: Parameters<typeof cloudFrontRuntime>[1] = store) => cloudFrontRuntime(code, values, () => now);
const send = async (...request: Parameters<typeof eventFor>) => (await runtime()).run(eventFor(...request));
const codeOf = (answer: Awaited<ReturnType<typeof send>>): unknown =>
  'statusCode' in answer ? (JSON.parse(answer.body?.data ?? '{}') as { code: unknown }).code : 'passed';

describe('path tokens, by the CloudFront function', () => {
  it.each(vectors.map((one) => [one.name, one] as const))('%s', async (_, { target, headers, wanted }) => {
    const answer = await send(target, headers);
    if (wanted === 'ok') expect(answer).toMatchObject({ method: 'GET', uri: `/${key}`, querystring: {} });
    else expect(codeOf(answer)).toBe(`grant.${toldOf(wanted)}`);
  });

  it('are refused with edge’s words and headers', async () => {
    const answer = await send(`/t/x/${key}`, { origin: 'https://blog.example' });
    expect(answer).toMatchObject({
      statusCode: 403,
      headers: {
        'content-type': { value: 'application/problem+json; charset=utf-8' },
        'cache-control': { value: 'no-store' },
        'access-control-allow-origin': { value: '*' },
      },
    });
    expect('body' in answer && JSON.parse(answer.body?.data ?? '')).toEqual({
      title: 'Forbidden',
      status: 403,
      code: 'grant.invalid',
      detail: 'This grant does not open what was asked for.',
      requestId: 'a-request',
    });
    const own = await send(`/t/x/${key}`, { origin: 'https://studio.kinora.test' });
    expect(own.headers).toMatchObject({
      'access-control-allow-origin': { value: 'https://studio.kinora.test' },
      'access-control-allow-credentials': { value: 'true' },
    });
  });

  it('cost a viewer three reads of the store', async () => {
    const { run, reads } = await runtime(new Map([...store].filter(([name]) => name !== keyValue.video(videoId))));
    const good = vectors.find(({ name }) => name === 'a good token');
    await run(eventFor(good?.target ?? '', { origin: 'https://anyone.example' }));
    expect(reads.map((name) => name.split('.')[0])).toEqual(['key', 'grant', 'video']);
  });

  it('take two values of a header for none that is right', async () => {
    const bound = vectors.find(({ name }) => name === 'bound to a page: its origin');
    const event = eventFor(bound?.target ?? '');
    const values = [{ value: 'https://blog.example' }, { value: 'https://evil.example' }];
    event.request.headers['origin'] = { value: 'https://blog.example', multiValue: values };
    expect(codeOf(await (await runtime()).run(event))).toBe('grant.invalid');
  });

  it('open nothing while the store can’t be read', async () => {
    const broken = await runtime(() => {
      throw new Error('the store is away');
    });
    const good = vectors.find(({ name }) => name === 'a good token');
    expect(codeOf(await broken.run(eventFor(good?.target ?? '')))).toBe('grant.invalid');
    await expect(broken.run(eventFor(`/${key}`))).rejects.toThrow('away');
  });
});

describe('what CloudFront itself has verified', () => {
  const policy = (issuedAt: number, end: number): string =>
    encode(
      Buffer.from(
        policyJson({
          resource: `https://kinora.test/media/${videoId}/*`,
          dateLessThan: end,
          dateGreaterThan: issuedAt - 30,
        }),
      ),
    );
  const fresh = policy(Math.floor(now / 1000), Math.floor(now / 1000) + 3600);
  const old = policy(Math.floor(now / 1000) - 600, Math.floor(now / 1000) + 3600);
  const [revoked] = world.revokedGrants;
  const revokedPolicy = policy(
    Math.floor(issuedAtOf(revoked?.grantId ?? '') / 1000),
    Math.floor((revoked?.expiresAt ?? 0) / 1000),
  );
  const canned = `Expires=${Math.floor(now / 1000) + 60}&Signature=x&Key-Pair-Id=K`;
  const otherVideo = 'vid_01J0000000000000000000000Z';

  it.each<[string, string, Record<string, string>, string]>([
    ['cookies', `/${key}`, { cookie: `theme=dark; CloudFront-Policy=${fresh}` }, 'passed'],
    ['a signed URL', `/${key}?Policy=${fresh}&Signature=x&Key-Pair-Id=K`, {}, 'passed'],
    ['a canned URL of a video that was never revoked', `/${key.replace(videoId, otherVideo)}?${canned}`, {}, 'passed'],
    ['nothing that can be seen, of such a video', `/${key.replace(videoId, otherVideo)}`, {}, 'passed'],
    ['cookies of a revoked grant', `/${key}`, { cookie: `CloudFront-Policy=${revokedPolicy}` }, 'grant.revoked'],
    ['a URL of a revoked grant', `/${key}?Policy=${revokedPolicy}`, {}, 'grant.revoked'],
    ['cookies from before all were revoked', `/${key}`, { cookie: `CloudFront-Policy=${old}` }, 'grant.revoked'],
    ['a canned URL, which doesn’t tell its time', `/${key}?${canned}`, {}, 'grant.revoked'],
    ['a policy that can’t be read', `/${key}?Policy=x`, {}, 'grant.revoked'],
    ['up and over', `/media/${videoId}/../${otherVideo}/x`, { cookie: `CloudFront-Policy=${fresh}` }, 'grant.invalid'],
    ['up and over, encoded', `/media/${videoId}/%2e%2e/x`, { cookie: `CloudFront-Policy=${fresh}` }, 'grant.invalid'],
    ['a trailing slash', `/${key}/`, { cookie: `CloudFront-Policy=${fresh}` }, 'grant.invalid'],
    ['another root', '/index.html', {}, 'grant.invalid'],
  ])('%s', async (_, target, headers, wanted) => {
    const answer = await send(target, headers);
    expect(codeOf(answer)).toBe(wanted);
    if (wanted === 'passed') expect(answer).toMatchObject({ uri: target.split('?')[0], querystring: {} });
  });
});

it('answers preflights as edge does, of either spelling', async () => {
  for (const target of [`/t/x/${key}`, `/${key}`]) {
    const answer = await send(target, { origin: 'https://blog.example' }, 'OPTIONS');
    expect(answer).toMatchObject({
      statusCode: 204,
      headers: {
        'access-control-allow-methods': { value: 'GET, HEAD' },
        'access-control-allow-origin': { value: '*' },
      },
    });
  }
});

describe('the bundle', () => {
  it('is within CloudFront’s size', () => {
    expect(Buffer.byteLength(code)).toBeLessThanOrEqual(10 * 1024);
  });

  it('awaits in statements of declared functions alone', () => {
    expect(code).not.toMatch(/[(,]\s*await\b/);
    expect(code).not.toMatch(/async\s*(\(|\w+\s*=>)/);
    expect(code).not.toMatch(/=\s*async\b/);
  });

  it('runs where nothing else is', async () => {
    const touch = (expression: string) =>
      cloudFrontRuntime(`${expression};async function handler(event){return event.request}`, store, () => now);
    for (const expression of [
      'new Map()',
      'URL',
      'fetch',
      'setTimeout',
      '[1].at(0)',
      'new Function("1")',
      'Buffer.alloc(1)',
    ])
      await expect(touch(expression)).rejects.toThrow();
    await expect(touch('import c from "crypto";c.timingSafeEqual')).rejects.toThrow('is not there');
    await expect(touch('import c from "crypto";c.createHash("sha512")')).rejects.toThrow('no such hash');
    await expect(touch('import fs from "fs"')).rejects.toThrow('no such module');
  });
});
