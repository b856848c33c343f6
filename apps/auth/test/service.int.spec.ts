import { createDatabase, migrate, rollBack } from '@kinora/database';
import { ConfigError } from '@kinora/service';
import { eventually, testDatabase } from '@kinora/testing';
import { migrations } from '../migrations';
import { readConfig } from '../src/config';
import { type Harness, PASSWORD, problem, startAuth } from './harness';

jest.setTimeout(120_000);

test('migrations go up, down and up again', async () => {
  await using database = await testDatabase();
  const db = createDatabase({ settings: { DATABASE_URL: database.url }, schema: 'auth' });
  const names = migrations.map((one) => one.name);
  expect(await migrate(db, migrations)).toEqual(names);
  await rollBack(db, migrations);
  expect(await migrate(db, migrations)).toEqual(names);
  expect(await migrate(db, migrations)).toEqual([]);
  await db.close();
});

test('the configuration names all that is wrong, and no value', () => {
  const read = () => readConfig({ SERVICE_SECRETS: '{"upload":"hunter2"}', SERVICE_TOKEN_PRIVATE_KEY: 'hunter2' });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(
    /KINORA_PUBLIC_URL[\s\S]*DATABASE_URL[\s\S]*REDIS_URL[\s\S]*SERVICE_SECRETS[\s\S]*SERVICE_TOKEN_PRIVATE_KEY/,
  );
  expect(read).not.toThrow(/hunter2/);
});

describe('limits', () => {
  let auth: Harness;
  beforeAll(async () => void (auth = await startAuth({ RATE_LIMIT_PER_EMAIL: '3', RATE_LIMIT_PER_IP: '8' })));
  afterAll(() => auth.stop());
  const signIn = (email: string, ip: string, password = 'wrong password') =>
    fetch(`${auth.url}/v1/auth/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': ip },
      body: JSON.stringify({ email, password }),
    });

  it('stops guessing at one account from many addresses, and says when to come back', async () => {
    for (let i = 0; i < 3; i++) expect((await signIn('Victim@example.org', `198.51.100.${i}`)).status).toBe(401);
    const stopped = await signIn('victim@EXAMPLE.org', '198.51.100.9');
    expect(stopped.status).toBe(429);
    expect(stopped.headers.get('content-type')).toContain('application/problem+json');
    expect(await stopped.json()).toMatchObject({ code: 'auth.rate_limited', status: 429 });
    expect(Number(stopped.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(stopped.headers.get('ratelimit-policy')).toContain('sign-in-email');
    expect((await signIn('else@example.org', '198.51.100.9')).status).toBe(401);
  });

  it('stops guessing at many accounts from one address', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 9; i++) statuses.push((await signIn(`target${i}@example.org`, '203.0.113.5')).status);
    expect(statuses).toEqual([...Array<number>(8).fill(401), 429]);
  });

  it('does not count who signs in', async () => {
    await auth.person('regular@example.org');
    for (let i = 0; i < 5; i++) expect((await signIn('regular@example.org', '203.0.113.9', PASSWORD)).status).toBe(200);
  });

  it('counts every request for a code', async () => {
    const ask = () => auth.people.forgotPassword({ body: { email: 'flooded@example.org' } });
    for (let i = 0; i < 3; i++) await ask();
    await expect(ask()).rejects.toEqual(problem('auth.rate_limited', 429));
  });
});

describe('an outage', () => {
  it('of Redis does not keep people out, and shows in readiness', async () => {
    const auth = await startAuth();
    await auth.person('patient@example.org');
    expect((await fetch(`${auth.url}/readyz`)).status).toBe(200);
    await auth.redis.stop();
    const { accessToken } = await auth.people.signIn({ body: { email: 'patient@example.org', password: PASSWORD } });
    await auth.as(accessToken).getProfile({});
    const failing = await eventually(async () => {
      const res = await fetch(`${auth.url}/readyz`);
      return res.status === 503 && ((await res.json()) as { failing: string[] });
    });
    expect(failing.failing).toEqual(['redis']);
    await auth.stop();
  });

  it('of Cognito is a 503, not a wrong password', async () => {
    const auth = await startAuth();
    const { accessToken } = await auth.person('waiting@example.org');
    await auth.cognito.stop();
    const refused = auth.people.signIn({ body: { email: 'waiting@example.org', password: PASSWORD } });
    await expect(refused).rejects.toEqual(problem('service.unavailable', 503));
    // No key of the pool is known yet, so nobody can say whether this token is good.
    await expect(auth.as(accessToken).getProfile({})).rejects.toEqual(problem('service.unavailable', 503));
    await auth.stop();
  });
});
