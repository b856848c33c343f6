import { SERVICE_AUDIENCE, SERVICE_ISSUER } from '@kinora/service';
import { type JsonWebKey, type KeyObject, generateKeyPairSync } from 'node:crypto';
import { SignJWT, base64url, decodeJwt, decodeProtectedHeader } from 'jose';
import { type Harness, SERVICE_SECRET, jsonOf, problem, startAuth } from './harness';
import { REFUSAL, answersTo, hs256, part, pemOf, profileOf } from './support/forgeries';

jest.setTimeout(120_000);

let auth: Harness;
let accessToken: string;
let idToken: string;
beforeAll(async () => {
  auth = await startAuth();
  ({ accessToken } = await auth.person('attacked@example.org'));
  const answer = await fetch(auth.cognito.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth',
    },
    body: JSON.stringify({
      ClientId: auth.environment.COGNITO_CLIENT_ID,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'attacked@example.org', PASSWORD: 'Correct-Horse-1' },
    }),
  });
  const { AuthenticationResult } = (await answer.json()) as { AuthenticationResult: { IdToken: string } };
  idToken = AuthenticationResult.IdToken;
});
afterAll(() => auth.stop());

const profile = (authorization: string) => profileOf(auth.url, authorization);
const claims = () => decodeJwt(accessToken);

/** Signs the claims of the real token, changed, with a key of the attacker's. */
const forged = (changes: object, header: object, key: KeyObject) =>
  new SignJWT({ ...claims(), ...changes }).setProtectedHeader({ alg: 'RS256', ...header }).sign(key);

async function attacks(): Promise<Record<string, string>> {
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kid = '' } = decodeProtectedHeader(accessToken);
  const jwks = await jsonOf(await fetch(`${auth.environment.COGNITO_ISSUER}/.well-known/jwks.json`));
  const [jwk] = jwks['keys'] as JsonWebKey[];
  const [head = '', body = '', signature = ''] = accessToken.split('.');
  return {
    'alg none': `${part({ alg: 'none' })}.${part(claims())}.`,
    'alg none with a signature': `${part({ alg: 'none' })}.${part(claims())}.${signature}`,
    'HS256 with the public key': hs256({ kid }, claims(), pemOf(jwk ?? {})),
    'key of the attacker, right kid': await forged({}, { kid }, own.privateKey),
    'unknown kid': await forged({}, { kid: 'unknown' }, own.privateKey),
    'kid with a path': await forged({}, { kid: '../../../../dev/null' }, own.privateKey),
    'jku of the attacker': await forged({}, { kid, jku: 'http://127.0.0.1:1/jwks.json' }, own.privateKey),
    'embedded jwk': await forged({}, { jwk: own.publicKey.export({ format: 'jwk' }) }, own.privateKey),
    'wrong issuer': await forged({ iss: 'https://attacker.example' }, { kid }, own.privateKey),
    'issuer of services, key of the attacker': await new SignJWT({ sub: 'upload' })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer(SERVICE_ISSUER)
      .setAudience(SERVICE_AUDIENCE)
      .setExpirationTime('5m')
      .sign(ec.privateKey),
    'body changed': `${head}.${part({ ...claims(), 'cognito:groups': ['admin'] })}.${signature}`,
    'signature cut': `${head}.${body}.${signature.slice(0, -4)}`,
    'an id token': idToken,
    garbage: 'garbage',
    'three dots': 'a.b.c',
    oversized: `${'a'.repeat(9_000)}.b.c`,
    'duplicate claims': `${part({ alg: 'none' })}.${base64url.encode('{"sub":"a","sub":"b"}')}.x`,
  };
}

test('forged tokens are refused, all in the same way', async () => {
  expect((await profile(`Bearer ${accessToken}`)).status).toBe(200);
  const answers = await answersTo(auth.url, await attacks());
  expect(answers).toEqual(answers.map(([name]) => [name, REFUSAL]));
});

test.each(['Basic YTpi', 'Bearer', 'Bearer a b', 'bearer x'])('the header %p is refused', async (header) => {
  expect((await profile(header)).status).toBe(401);
});

test('a token of another client of the pool is refused', async () => {
  const other = await startAuth({ COGNITO_CLIENT_ID: 'another-client' });
  const token = (await auth.person('client@example.org')).accessToken;
  const issuedElsewhere = await fetch(`${other.url}/v1/auth/profile`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(issuedElsewhere.status).toBe(401);
  await other.stop();
});

describe('service tokens', () => {
  it('are given for the secret, name the service, and open internal paths', async () => {
    const { token, expiresIn } = await auth.people.issueServiceToken({
      body: { service: 'upload', secret: SERVICE_SECRET },
    });
    expect(expiresIn).toBe(600);
    expect(decodeJwt(token)).toMatchObject({ iss: SERVICE_ISSUER, aud: SERVICE_AUDIENCE, sub: 'upload' });
    const { keys } = await auth.people.serviceKeys({});
    expect(keys).toEqual([
      expect.objectContaining({ alg: 'ES256', kid: decodeProtectedHeader(token).kid, use: 'sig' }),
    ]);
    expect(keys[0]).not.toHaveProperty('d');
    const call = auth.as(token).verifyApiKey({ body: { secret: 'knr_unknown' } });
    await expect(call).rejects.toEqual(problem('auth.api_key_refused', 401));
    await expect(auth.as(token).getProfile({})).rejects.toEqual(problem('auth.forbidden', 403));
  });

  it('are refused for a wrong secret and an unknown service alike', async () => {
    for (const service of ['upload', 'nobody', 'constructor']) {
      const wrong = auth.people.issueServiceToken({ body: { service, secret: 'a-wrong-secret-of-some-length' } });
      await expect(wrong).rejects.toEqual(problem('auth.credentials_wrong', 401));
    }
  });

  it('are the only way to internal paths', async () => {
    const verify = { body: { secret: 'knr_unknown' } };
    await expect(auth.people.verifyApiKey(verify)).rejects.toEqual(problem('route.not_found', 404));
    await expect(auth.as(accessToken).verifyApiKey(verify)).rejects.toEqual(problem('route.not_found', 404));
  });
});
