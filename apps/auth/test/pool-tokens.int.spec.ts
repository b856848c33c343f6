import { type JsonWebKey, generateKeyPairSync } from 'node:crypto';
import { SignJWT, base64url, decodeJwt, decodeProtectedHeader } from 'jose';
import { REFUSAL, answersTo, hs256, part, pemOf, profileOf } from './support/forgeries';
import { type RecordedAuth, startRecordedAuth } from './support/recorded-auth';

jest.setTimeout(120_000);

let auth: RecordedAuth;
let accessToken: string;
beforeAll(async () => {
  auth = await startRecordedAuth();
  auth.add('attacked@example.org');
  ({ accessToken } = await auth.signIn('attacked@example.org'));
});
afterAll(() => auth.stop());

const claims = () => decodeJwt(accessToken);
const seconds = () => Math.floor(Date.now() / 1_000);
/** Signed by the pool itself: only what the token says is wrong. */
const genuine = (changes: object) => auth.cognito.pool.sign({ ...claims(), ...changes });

/** Case 50 of the attack table; `tokens.int.spec.ts` has the forgeries that cognito-local's keys allow. */
async function attacks(): Promise<Record<string, string>> {
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { kid = '' } = decodeProtectedHeader(accessToken);
  const forged = (header: object) =>
    new SignJWT(claims()).setProtectedHeader({ alg: 'RS256', kid, ...header }).sign(own.privateKey);
  const [jwk] = auth.cognito.pool.jwks().keys as JsonWebKey[];
  const [head = '', , signature = ''] = accessToken.split('.');
  const doubled = JSON.stringify(claims()).replace(/}$/, `,"sub":"somebody-else","cognito:groups":["admin"]}`);
  return {
    'alg none': `${part({ alg: 'none', kid })}.${part(claims())}.`,
    'alg none, signature kept': `${part({ alg: 'none', kid })}.${part(claims())}.${signature}`,
    'HS256 with the public key as PEM': hs256({ kid }, claims(), pemOf(jwk ?? {})),
    'HS256 with the public key as JWK': hs256({ kid }, claims(), JSON.stringify(jwk)),
    'PS256 by an own key': await new SignJWT(claims()).setProtectedHeader({ alg: 'PS256', kid }).sign(own.privateKey),
    'kid with a path': await forged({ kid: '../../../../dev/null' }),
    'kid with SQL': await forged({ kid: "' or '1'='1" }),
    'kid that is no text': `${part({ alg: 'RS256', kid: { a: 1 } })}.${part(claims())}.${signature}`,
    'jku of the attacker': await forged({ jku: 'http://127.0.0.1:1/jwks.json' }),
    'x5u of the attacker': await forged({ x5u: 'http://127.0.0.1:1/cert.pem' }),
    'jwk of the attacker': await forged({ jwk: own.publicKey.export({ format: 'jwk' }) }),
    'a critical header that nobody knows': `${part({ alg: 'RS256', kid, crit: ['x'], x: 1 })}.${part(claims())}.${signature}`,
    expired: await genuine({ exp: seconds() - 60 }),
    'without an expiry': await genuine({ exp: undefined }),
    'expiry that is no number': await genuine({ exp: '9999999999' }),
    'not yet valid': await genuine({ nbf: seconds() + 60 }),
    'of another client': await genuine({ client_id: 'another' }),
    'for an audience, of no client': await genuine({ client_id: undefined, aud: auth.cognito.pool.clientId }),
    'of another issuer': await genuine({ iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_attacker' }),
    'of an issuer that begins alike': await genuine({ iss: `${auth.cognito.issuer}/x` }),
    'an id token': await genuine({ token_use: 'id' }),
    'a token of no use': await genuine({ token_use: undefined }),
    'without a subject': await genuine({ sub: undefined }),
    'claims sent twice': `${head}.${base64url.encode(doubled)}.${signature}`,
    oversized: await genuine({ padding: 'x'.repeat(9_000) }),
  };
}

test('tokens that the pool did not mean for this are refused, all in the same way', async () => {
  expect((await profileOf(auth.url, `Bearer ${accessToken}`)).status).toBe(200);
  const answers = await answersTo(auth.url, await attacks());
  expect(answers).toEqual(answers.map(([name]) => [name, REFUSAL]));
});

test('keys that rotate: the new one is taken when it is first seen, the old one while the pool serves it, and forgeries fetch nothing', async () => {
  const world = await startRecordedAuth();
  world.add('rotating@example.org');
  const ask = async (token: string) => (await profileOf(world.url, `Bearer ${token}`)).status;
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const old = (await world.signIn('rotating@example.org')).accessToken;
  // The first token ever seen makes the service fetch keys: those of after the rotation, of which the older one signed it.
  await world.cognito.pool.rotate();
  expect(await ask(old)).toBe(200);
  expect(await ask((await world.signIn('rotating@example.org')).accessToken)).toBe(200);
  const fetches = world.cognito.keyFetches;
  for (let i = 0; i < 20; i++) {
    const forged = new SignJWT(decodeJwt(old)).setProtectedHeader({ alg: 'RS256', kid: `unknown-${i}` });
    expect(await ask(await forged.sign(own.privateKey))).toBe(401);
  }
  expect(world.cognito.keyFetches).toBe(fetches);
  await world.stop();
});
