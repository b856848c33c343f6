import { DomainError, Nothing, endpoint, notFound } from '@kinora/contracts-common';
import { Router } from 'express';
import { generateKeyPair, SignJWT, exportJWK, createLocalJWKSet } from 'jose';
import request from 'supertest';
import { z } from 'zod';
import {
  type Authenticator,
  SERVICE_AUDIENCE,
  SERVICE_ISSUER,
  createApp,
  createAuthenticator,
  createBase,
  loadConfig,
  mount,
} from '../src/index';

const things = {
  make: endpoint({
    id: 'test.make',
    method: 'post',
    path: '/v1/things/{thingId}',
    access: 'user',
    scope: 'videos:write',
    summary: 'Make a thing',
    params: z.object({ thingId: z.string().regex(/^t\d+$/) }),
    body: z.object({ size: z.int().positive() }),
    success: { status: 201, body: z.object({ id: z.string() }) },
    problems: ['thing.not_found'],
  }),
  drop: endpoint({
    id: 'test.drop',
    method: 'delete',
    path: '/v1/things/{thingId}',
    access: 'public',
    summary: 'Drop',
    params: z.object({ thingId: z.string() }),
    success: { status: 204, body: Nothing },
    problems: [],
  }),
  inside: endpoint({
    id: 'test.inside',
    method: 'get',
    path: '/internal/v1/things',
    access: 'service',
    summary: 'Inside',
    success: { status: 200, body: z.object({ from: z.string() }) },
    problems: [],
  }),
};

const people: Authenticator = {
  identify: ({ authorization, apiKey }) =>
    Promise.resolve(
      authorization === 'Bearer s'
        ? { kind: 'service', service: 'upload' }
        : authorization !== undefined
          ? { kind: 'user', userId: 'u', roles: ['creator'] }
          : apiKey !== undefined
            ? {
                kind: 'api-key',
                keyId: 'k',
                userId: 'u',
                roles: ['creator'],
                scopes: apiKey === 'w' ? ['videos:write'] : [],
              }
            : undefined,
    ),
};

function sample(onMake: (id: string) => void = () => undefined) {
  const base = createBase('sample', 'silent');
  const router = Router();
  mount(router, things.make, { authenticator: people }, async ({ params }) => {
    onMake(params.thingId);
    return { id: params.thingId };
  });
  mount(router, things.drop, { authenticator: people }, async ({ params }) => {
    if (params.thingId === 'bug') throw new Error('secret detail');
    if (params.thingId === 'busy') throw new DomainError('unavailable', 'thing.busy', 'Later.');
    if (params.thingId === 'none') throw notFound('thing.not_found', 'No such thing.');
    return undefined;
  });
  mount(router, things.inside, { authenticator: people }, async ({ caller }) => ({ from: caller.service }));
  return { base, app: createApp({ ...base, contracts: [things], routers: [router] }) };
}

describe('a service', () => {
  const { base, app } = sample();

  it('answers what the contract says', async () => {
    const res = await request(app).post('/v1/things/t1').set('authorization', 'Bearer u').send({ size: 1 });
    expect([res.status, res.body]).toEqual([201, { id: 't1' }]);
    expect((await request(app).delete('/v1/things/x')).status).toBe(204);
  });

  it.each([
    [
      'a body that does not fit',
      () => request(app).post('/v1/things/t1').set('authorization', 'Bearer u').send({ size: 'big' }),
      400,
      'request.invalid',
    ],
    [
      'a body that is no JSON',
      () => request(app).post('/v1/things/t1').set('authorization', 'Bearer u').type('json').send('{'),
      400,
      'request.malformed',
    ],
    [
      'an id of the wrong shape',
      () => request(app).post('/v1/things/x').set('authorization', 'Bearer u').send({ size: 1 }),
      404,
      'thing.not_found',
    ],
    ['nobody', () => request(app).post('/v1/things/t1').send({ size: 1 }), 401, 'auth.required'],
    [
      'an API key without the scope',
      () => request(app).post('/v1/things/t1').set('x-api-key', 'r').send({ size: 1 }),
      403,
      'auth.forbidden',
    ],
    [
      'a service where a person is meant',
      () => request(app).post('/v1/things/t1').set('authorization', 'Bearer s').send({ size: 1 }),
      403,
      'auth.forbidden',
    ],
    [
      'a person on an internal path',
      () => request(app).get('/internal/v1/things').set('authorization', 'Bearer u'),
      404,
      'route.not_found',
    ],
    ['an unknown path', () => request(app).get('/nope'), 404, 'route.not_found'],
    ['a domain error', () => request(app).delete('/v1/things/none'), 404, 'thing.not_found'],
    ['a bug', () => request(app).delete('/v1/things/bug'), 500, 'internal'],
    [
      'a body that is too large',
      () =>
        request(app)
          .post('/v1/things/t1')
          .set('authorization', 'Bearer u')
          .send({ size: 1, pad: 'x'.repeat(1_100_000) }),
      413,
      'request.too_large',
    ],
  ])('meets %s with a problem document', async (_name, call, status, code) => {
    const res = await call();
    expect([res.status, res.type, (res.body as { code: string }).code]).toEqual([
      status,
      'application/problem+json',
      code,
    ]);
    expect(res.text).not.toContain('secret detail');
    expect(res.headers['x-request-id']).toBe((res.body as { requestId: string }).requestId);
  });

  it('names the field that does not fit', async () => {
    const res = await request(app).post('/v1/things/t1').set('authorization', 'Bearer u').send({ size: -1 });
    expect(res.body).toMatchObject({ errors: [{ field: 'body.size' }] });
  });

  it('lets an API key with the scope and another service in', async () => {
    expect((await request(app).post('/v1/things/t1').set('x-api-key', 'w').send({ size: 1 })).status).toBe(201);
    expect((await request(app).get('/internal/v1/things').set('authorization', 'Bearer s')).body).toEqual({
      from: 'upload',
    });
  });

  it('keeps the request id of the gateway and tells when to come back', async () => {
    const res = await request(app).delete('/v1/things/busy').set('x-request-id', 'req_from-gateway');
    expect(res.headers['x-request-id']).toBe('req_from-gateway');
    expect([res.status, res.headers['retry-after']]).toEqual([503, '2']);
  });

  it('shows its health, its metrics and its reference, without internal paths', async () => {
    base.lifecycle.addCheck('database', () => Promise.reject(new Error('down')));
    expect((await request(app).get('/healthz')).status).toBe(200);
    const ready = await request(app).get('/readyz');
    expect([ready.status, ready.body]).toEqual([503, { status: 'not ready', failing: ['database'] }]);
    expect((await request(app).get('/metrics')).text).toMatch(
      /http_request_duration_seconds_count\{service="sample",method="POST",route="\/v1\/things\/:thingId",status="2xx"\} \d/,
    );
    const reference = (await request(app).get('/openapi.json')).body as {
      openapi: string;
      paths: Record<string, unknown>;
    };
    expect(reference.openapi).toBe('3.1.0');
    expect(Object.keys(reference.paths)).toEqual(['/v1/things/{thingId}']);
  });
});

it('closes in order: requests, jobs, queues, connections', async () => {
  const { lifecycle } = createBase('sample', 'silent');
  const closed: string[] = [];
  for (const phase of ['connections', 'queues', 'workers', 'http'] as const)
    lifecycle.onStop(phase, phase, () => closed.push(phase));
  lifecycle.onStop('workers', 'broken', () => Promise.reject(new Error('stuck')));
  await Promise.all([lifecycle.stop(), lifecycle.stop()]);
  expect(closed).toEqual(['http', 'workers', 'queues', 'connections']);
});

it('names every variable that is missing or wrong, and none of their values', () => {
  expect(() => loadConfig({ A: z.string(), B: z.coerce.number() }, { B: 'hunter2' })).toThrow(/A: [^\n]+\n\s+B: /);
  expect(() => loadConfig({ B: z.coerce.number() }, { B: 'hunter2' })).not.toThrow(/hunter2/);
});

describe('service tokens', () => {
  const settings = {
    KINORA_AUTH_URL: 'http://127.0.0.1:9',
    COGNITO_REGION: 'r',
    COGNITO_USER_POOL_ID: 'p',
    COGNITO_CLIENT_ID: 'c',
    COGNITO_ISSUER: 'http://127.0.0.1:9/p',
  };
  const nobody = {
    verifyApiKey: () => Promise.reject(new Error('no')),
    endedSessions: () => Promise.resolve({ cursor: '0', people: [] }),
  };

  it.each([
    ['a good one', {}, 'ES256', true],
    ['one for another audience', { aud: 'else' }, 'ES256', false],
    ['an expired one', { exp: 1 }, 'ES256', false],
    ['one without a subject', { sub: undefined }, 'ES256', false],
  ])('%s', async (_name, change, alg, good) => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: '1', alg }] });
    const authenticator = createAuthenticator({
      settings,
      local: { serviceKeys: keys, ...nobody },
    });
    const claims: Record<string, unknown> = {
      iss: SERVICE_ISSUER,
      aud: SERVICE_AUDIENCE,
      sub: 'upload',
      exp: Math.floor(Date.now() / 1000) + 60,
      ...change,
    };
    const token = await new SignJWT(claims).setProtectedHeader({ alg, kid: '1' }).sign(privateKey);
    const identified = authenticator.identify({ authorization: `Bearer ${token}` });
    if (good) expect(await identified).toEqual({ kind: 'service', service: 'upload' });
    else await expect(identified).rejects.toMatchObject({ code: 'auth.token_invalid' });
  });

  it('that are unsigned or signed with the public key as a secret are refused', async () => {
    const { publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(publicKey);
    const authenticator = createAuthenticator({
      settings,
      local: {
        serviceKeys: createLocalJWKSet({ keys: [{ ...jwk, kid: '1' }] }),
        ...nobody,
      },
    });
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const payload = encode({ iss: SERVICE_ISSUER, aud: SERVICE_AUDIENCE, sub: 'upload', exp: 9e9 });
    const hs256 = await new SignJWT({ iss: SERVICE_ISSUER, aud: SERVICE_AUDIENCE, sub: 'upload', exp: 9e9 })
      .setProtectedHeader({ alg: 'HS256', kid: '1' })
      .sign(Buffer.from(JSON.stringify(jwk)));
    for (const token of [
      `${encode({ alg: 'none' })}.${payload}.`,
      `${encode({ alg: 'none' })}.${payload}.x`,
      hs256,
      'a.b.c',
      `x${'y'.repeat(9_000)}.a.b`,
    ]) {
      await expect(authenticator.identify({ authorization: `Bearer ${token}` })).rejects.toMatchObject({
        code: 'auth.token_invalid',
      });
    }
  });
});
