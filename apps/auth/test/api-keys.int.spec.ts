import { withClient } from '@kinora/testing';
import { type Harness, PASSWORD, SERVICE_SECRET, jsonOf, problem, startAuth } from './harness';

jest.setTimeout(120_000);

let auth: Harness;
let owner: ReturnType<Harness['as']>;
let service: ReturnType<Harness['as']>;
beforeAll(async () => {
  auth = await startAuth();
  owner = auth.as((await auth.person('owner@example.org')).accessToken);
  const { token } = await auth.people.issueServiceToken({ body: { service: 'upload', secret: SERVICE_SECRET } });
  service = auth.as(token);
});
afterAll(() => auth.stop());

const query = (sql: string, values: unknown[] = []) =>
  withClient(auth.database.url, (client) => client.query(sql, values));

it('lives from creation to revocation', async () => {
  const { secret, ...key } = await owner.createApiKey({
    body: { name: 'CI', scopes: ['uploads:write', 'uploads:write'] },
  });
  expect(secret).toMatch(/^knr_[\w-]{32}$/);
  expect(key).toMatchObject({
    name: 'CI',
    scopes: ['uploads:write'],
    prefix: secret.slice(0, 10),
    lastUsedAt: null,
    expiresAt: null,
  });
  const { id: userId } = await owner.getProfile({});
  expect(await service.verifyApiKey({ body: { secret } })).toEqual({
    kind: 'api-key',
    keyId: key.id,
    userId,
    roles: ['creator'],
    scopes: ['uploads:write'],
  });
  const { items } = await owner.listApiKeys({});
  expect(items).toEqual([{ ...key, lastUsedAt: expect.any(String) }]);

  const stranger = auth.as((await auth.person('stranger@example.org')).accessToken);
  expect(await stranger.listApiKeys({})).toEqual({ items: [] });
  await expect(stranger.deleteApiKey({ params: { keyId: key.id } })).rejects.toEqual(problem('api_key.not_found', 404));

  await owner.deleteApiKey({ params: { keyId: key.id } });
  await expect(service.verifyApiKey({ body: { secret } })).rejects.toEqual(problem('auth.api_key_refused', 401));
  await expect(owner.deleteApiKey({ params: { keyId: key.id } })).rejects.toEqual(problem('api_key.not_found', 404));
  expect(await owner.listApiKeys({})).toEqual({ items: [] });
});

it('is stored as a hash only, also where answers are kept for repeats', async () => {
  const send = () =>
    fetch(`${auth.url}/v1/api-keys`, {
      method: 'POST',
      headers: { authorization: authorization(), 'content-type': 'application/json', 'idempotency-key': 'once' },
      body: JSON.stringify({ name: 'Repeated', scopes: ['videos:read'] }),
    });
  const { accessToken } = await auth.people.signIn({ body: { email: 'owner@example.org', password: PASSWORD } });
  const authorization = () => `Bearer ${accessToken}`;
  const [first, second] = [await jsonOf(await send()), await jsonOf(await send())];
  expect(second).toEqual(first);
  const dump = await query(
    'select (select json_agg(k)::text from auth.api_keys k) || (select json_agg(i)::text from auth.idempotency_keys i) as all',
  );
  expect(dump.rows[0].all).toContain(first['id']);
  expect(dump.rows[0].all).not.toContain(first['secret']);
});

it('expires', async () => {
  const past = owner.createApiKey({
    body: { name: 'Past', scopes: ['videos:read'], expiresAt: '2020-01-01T00:00:00Z' },
  });
  await expect(past).rejects.toEqual(problem('request.invalid', 400));
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const { id, secret } = await owner.createApiKey({ body: { name: 'Soon', scopes: ['videos:read'], expiresAt } });
  await service.verifyApiKey({ body: { secret } });
  await query("update auth.api_keys set expires_at = now() - interval '1 second' where id = $1", [id]);
  await expect(service.verifyApiKey({ body: { secret } })).rejects.toEqual(problem('auth.api_key_refused', 401));
});

it('carries the roles that its owner has now', async () => {
  const person = auth.as((await auth.person('demoted@example.org')).accessToken);
  const { id: userId } = await person.getProfile({});
  const { secret } = await person.createApiKey({ body: { name: 'Key', scopes: ['videos:read'] } });
  await auth.person('boss@example.org');
  const boss = auth.as((await auth.makeAdmin('boss@example.org')).accessToken);
  await boss.setRoles({ params: { userId }, body: { roles: ['viewer'] } });
  expect(await service.verifyApiKey({ body: { secret } })).toMatchObject({ roles: ['viewer'] });

  // Changed behind Kinora's back: seen once the mirror is a minute old.
  await auth.makeAdmin('demoted@example.org');
  await query("update auth.users set roles_checked_at = now() - interval '2 minutes' where id = $1", [userId]);
  expect(await service.verifyApiKey({ body: { secret } })).toMatchObject({ roles: expect.arrayContaining(['admin']) });
});

it('is no way to manage an account', async () => {
  const { secret } = await owner.createApiKey({ body: { name: 'Key', scopes: ['videos:read'] } });
  const ask = (headers: Record<string, string>) => fetch(`${auth.url}/v1/api-keys`, { headers });
  expect((await ask({ 'x-api-key': secret })).status).toBe(403);
  const refused = await ask({ 'x-api-key': 'knr_00000000000000000000000000000000' });
  expect([refused.status, (await jsonOf(refused))['code']]).toEqual([401, 'auth.token_invalid']);
  expect((await ask({})).status).toBe(401);
});
