import { SignJWT, errors, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as passing } from 'node:timers/promises';
import { createKeySet } from '../src/index';

/** A key server that rotates: what it serves is changed while it runs, and every fetch is counted. */
async function startKeys() {
  const pairs = new Map<string, Awaited<ReturnType<typeof generateKeyPair>>['privateKey']>();
  let served: string[] = [];
  let status = 200;
  let fetches = 0;
  const publicKeys = new Map<string, object>();
  const server = createServer((_req, res) => {
    fetches += 1;
    res
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify({ keys: served.map((kid) => publicKeys.get(kid)) }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/pool/.well-known/jwks.json`),
    get fetches() {
      return fetches;
    },
    async add(kid: string) {
      const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
      pairs.set(kid, privateKey);
      publicKeys.set(kid, { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' });
      served.push(kid);
    },
    withdraw: (kid: string) => void (served = served.filter((one) => one !== kid)),
    answerWith: (next: number) => void (status = next),
    token: (kid: string, as = kid) =>
      new SignJWT({}).setProtectedHeader({ alg: 'RS256', kid: as }).setExpirationTime('1h').sign(pairs.get(kid)!),
    stop: () => (server.closeAllConnections(), server.close()),
  };
}

let keys: Awaited<ReturnType<typeof startKeys>>;
beforeEach(async () => {
  keys = await startKeys();
  await keys.add('a');
});
afterEach(() => keys.stop());

it('fetches once for many, and keeps what it has', async () => {
  const set = createKeySet(keys.url);
  const token = await keys.token('a');
  await Promise.all(Array.from({ length: 20 }, () => jwtVerify(token, set)));
  await jwtVerify(token, set);
  expect(keys.fetches).toBe(1);
});

it('fetches a key that was rotated in at once, and goes on knowing the old one as long as it is served', async () => {
  const set = createKeySet(keys.url, { cooldownMs: 0 });
  const old = await keys.token('a');
  await jwtVerify(old, set);
  await keys.add('b');
  await jwtVerify(await keys.token('b'), set);
  await jwtVerify(old, set);
  expect(keys.fetches).toBe(2);
  keys.withdraw('a');
  await keys.add('c');
  await jwtVerify(await keys.token('c'), set);
  await expect(jwtVerify(old, set)).rejects.toThrow(errors.JWKSNoMatchingKey);
});

it('is not made to hammer the key server by tokens with keys that nobody knows', async () => {
  const set = createKeySet(keys.url, { cooldownMs: 60_000 });
  await jwtVerify(await keys.token('a'), set);
  for (let i = 0; i < 50; i++) {
    const forged = await keys.token('a', `../../${i}`);
    await expect(jwtVerify(forged, set)).rejects.toThrow(errors.JWKSNoMatchingKey);
  }
  expect(keys.fetches).toBe(1);
});

it('lets one through after the cool-down', async () => {
  const cooldownMs = 150;
  const set = createKeySet(keys.url, { cooldownMs });
  await jwtVerify(await keys.token('a'), set);
  const forged = await keys.token('a', 'unknown');
  const began = performance.now();
  // As fast as it goes, for several cool-downs.
  while (performance.now() - began < 5 * cooldownMs) await jwtVerify(forged, set).catch(() => passing(1));
  expect(keys.fetches).toBeGreaterThan(1);
  expect(keys.fetches).toBeLessThanOrEqual(2 + Math.ceil((performance.now() - began) / cooldownMs));
});

it('goes on with the keys that it knows while their server is away, and renews them when they are old', async () => {
  const set = createKeySet(keys.url, { maxAgeMs: 0 });
  const token = await keys.token('a');
  await jwtVerify(token, set);
  keys.answerWith(503);
  for (let i = 0; i < 5; i++) await jwtVerify(token, set);
  expect(keys.fetches).toBeGreaterThan(1);
});

it('tells an outage from a bad token before it knows any key, and asks no more often than once a second', async () => {
  keys.answerWith(503);
  const set = createKeySet(keys.url);
  const token = await keys.token('a');
  for (let i = 0; i < 20; i++) await expect(jwtVerify(token, set)).rejects.toMatchObject({ code: 'ERR_JOSE_GENERIC' });
  expect(keys.fetches).toBeLessThan(20);
});
