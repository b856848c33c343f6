import { authContract } from '@kinora/contracts-auth';
import { type Principal } from '@kinora/contracts-common';
import { createAuthenticator, createServiceTokens } from '@kinora/service';
import { eventually, withClient } from '@kinora/testing';
import { decodeJwt } from 'jose';
import { type Harness, PASSWORD, SERVICE_SECRET, problem, startAuth } from './harness';
import { type RecordedAuth, startRecordedAuth } from './support/recorded-auth';

jest.setTimeout(120_000);

/** The bound that the README states. */
const BOUND_MS = 10_000;

/** Another service as it checks its callers: it knows auth by its address only. */
function neighbour(auth: Pick<Harness, 'url' | 'environment'> | RecordedAuth) {
  const env = auth.environment as unknown as Record<string, string>;
  const authenticator = createAuthenticator({
    settings: {
      KINORA_AUTH_URL: auth.url,
      COGNITO_REGION: 'us-east-1',
      COGNITO_USER_POOL_ID: env['COGNITO_USER_POOL_ID'] ?? '',
      COGNITO_CLIENT_ID: env['COGNITO_CLIENT_ID'] ?? '',
      COGNITO_ISSUER: env['COGNITO_ISSUER'],
    },
    tokens: createServiceTokens({ KINORA_AUTH_URL: auth.url, KINORA_SERVICE_SECRET: SERVICE_SECRET }, 'upload'),
  });
  return (token: string): Promise<Principal | undefined> =>
    authenticator.identify({ authorization: `Bearer ${token}` });
}

/** Waits until the token is refused, and tells how long that took. */
async function refusedAfter(identify: (token: string) => Promise<unknown>, token: string): Promise<number> {
  const began = performance.now();
  await eventually(
    async () => {
      const error = await identify(token).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      return error !== undefined && (error as { code?: string }).code === 'auth.token_invalid';
    },
    { timeoutMs: 30_000 },
  );
  return performance.now() - began;
}

describe('on cognito-local, which can end no sessions itself', () => {
  let auth: Harness;
  beforeAll(async () => void (auth = await startAuth()));
  afterAll(() => auth.stop());

  it('signing out everywhere ends all sessions within the bound, at auth and at other services', async () => {
    const email = 'everywhere@example.org';
    const first = await auth.person(email);
    const second = await auth.people.signIn({ body: { email, password: PASSWORD } });
    const identify = neighbour(auth);
    await identify(first.accessToken);
    await identify(second.accessToken);

    await auth.as(first.accessToken).signOutEverywhere({});
    expect(await refusedAfter(identify, first.accessToken)).toBeLessThan(BOUND_MS);
    await expect(identify(second.accessToken)).rejects.toMatchObject({ code: 'auth.token_invalid' });
    const profile = (token: string) => auth.as(token).getProfile({});
    expect(await refusedAfter(profile, second.accessToken)).toBeLessThan(BOUND_MS);
    for (const { refreshToken } of [first, second])
      await expect(auth.people.refresh({ body: { refreshToken } })).rejects.toEqual(
        problem('auth.refresh_refused', 401),
      );

    // Whoever signs in after the answer is let in, by those too who have heard of the ending.
    const third = await auth.people.signIn({ body: { email, password: PASSWORD } });
    expect(await identify(third.accessToken)).toMatchObject({ kind: 'user' });
    await auth.people.refresh({ body: { refreshToken: third.refreshToken } });
  });

  it('who is shut out gets in by no token, password, refresh token or key', async () => {
    const boss = auth.as((await auth.person('boss@example.org')).accessToken);
    const email = 'shut-out@example.org';
    const tokens = await auth.person(email);
    const person = auth.as(tokens.accessToken);
    const { id: userId } = await person.getProfile({});
    const { secret } = await person.createApiKey({ body: { name: 'Key', scopes: ['videos:read'] } });
    const set = (who: typeof boss, active: boolean) => who.setActive({ params: { userId }, body: { active } });
    await expect(set(boss, false)).rejects.toEqual(problem('auth.forbidden', 403));

    const admin = auth.as((await auth.makeAdmin('boss@example.org')).accessToken);
    const { id: own } = await admin.getProfile({});
    await expect(admin.setActive({ params: { userId: own }, body: { active: false } })).rejects.toEqual(
      problem('auth.own_account', 409),
    );
    await expect(admin.setActive({ params: { userId: 'nobody' }, body: { active: false } })).rejects.toEqual(
      problem('auth.user_not_found', 404),
    );
    const identify = neighbour(auth);
    await identify(tokens.accessToken);
    await set(admin, false);
    expect(await refusedAfter(identify, tokens.accessToken)).toBeLessThan(BOUND_MS);
    const again = auth.people.signIn({ body: { email, password: PASSWORD } });
    await expect(again).rejects.toEqual(problem('auth.credentials_wrong', 401));
    const { refreshToken } = tokens;
    await expect(auth.people.refresh({ body: { refreshToken } })).rejects.toEqual(problem('auth.refresh_refused', 401));
    const { token } = await auth.people.issueServiceToken({ body: { service: 'upload', secret: SERVICE_SECRET } });
    const verify = () => auth.as(token).verifyApiKey({ body: { secret } });
    await expect(verify()).rejects.toEqual(problem('auth.api_key_refused', 401));

    await set(admin, true);
    const back = await auth.people.signIn({ body: { email, password: PASSWORD } });
    expect(await identify(back.accessToken)).toMatchObject({ userId });
    expect(await verify()).toMatchObject({ userId });
  });

  it('a role that was taken is gone within the bound, and the session goes on', async () => {
    await auth.person('chief@example.org');
    const admin = auth.as((await auth.makeAdmin('chief@example.org')).accessToken);
    await auth.person('deputy@example.org');
    const tokens = await auth.makeAdmin('deputy@example.org');
    const { id: userId } = await auth.as(tokens.accessToken).getProfile({});
    const identify = neighbour(auth);
    expect(await identify(tokens.accessToken)).toMatchObject({ roles: expect.arrayContaining(['admin']) });
    await admin.setRoles({ params: { userId }, body: { roles: ['creator'] } });
    expect(await refusedAfter(identify, tokens.accessToken)).toBeLessThan(BOUND_MS);
    const fresh = await auth.people.refresh({ body: { refreshToken: tokens.refreshToken } });
    expect(await identify(fresh.accessToken)).toMatchObject({ roles: ['creator'] });
  });

  it('the list is for services, goes on from its cursor, and forgets what no token can be of', async () => {
    const email = 'listed@example.org';
    const mine = await auth.person(email);
    const { id: userId } = await auth.as(mine.accessToken).getProfile({});
    const { token } = await auth.people.issueServiceToken({ body: { service: 'upload', secret: SERVICE_SECRET } });
    const service = auth.as(token);
    await expect(auth.people.listEndedSessions({ query: {} })).rejects.toEqual(problem('route.not_found', 404));
    const before = await service.listEndedSessions({ query: {} });
    await auth.as(mine.accessToken).signOutEverywhere({});
    const { cursor, people } = await service.listEndedSessions({ query: { cursor: before.cursor } });
    expect(people).toEqual([{ userId, sessionsUntil: expect.stringMatching(/:\d\d\.000Z$/), tokensUntil: null }]);
    expect(await service.listEndedSessions({ query: { cursor } })).toEqual({ cursor, people: [] });
    const all = await service.listEndedSessions({ query: { cursor: '999999' } });
    expect(all.people.map((one) => one.userId)).toContain(userId);
    await withClient(auth.database.url, (client) =>
      client.query("update auth.ended_sessions set changed_at = now() - interval '26 hours' where user_id = $1", [
        userId,
      ]),
    );
    const later = await service.listEndedSessions({ query: {} });
    expect(later.people.map((one) => one.userId)).not.toContain(userId);
  });

  it('costs other services one request for hundreds of theirs', async () => {
    const { accessToken } = await auth.person('busy@example.org');
    const identify = neighbour(auth);
    const asked = async (): Promise<number> => {
      const text = await (await fetch(`${auth.url}/metrics`)).text();
      const line = text
        .split('\n')
        .find((one) => one.includes('_count') && one.includes('/internal/v1/ended-sessions'));
      return Number(line?.split(' ').at(-1) ?? 0);
    };
    const before = await asked();
    const began = performance.now();
    for (let i = 0; i < 500; i++) await identify(accessToken);
    const allowed = 1 + Math.ceil((performance.now() - began) / 3_000);
    const after = await asked();
    expect(after - before).toBeGreaterThanOrEqual(1);
    expect(after - before).toBeLessThanOrEqual(allowed);
  });
});

describe('on recorded AWS shapes', () => {
  let auth: RecordedAuth;
  beforeAll(async () => void (auth = await startRecordedAuth()));
  afterAll(() => auth.stop());

  it('Cognito ends the refresh tokens, and a refresh keeps the time of the sign-in', async () => {
    auth.add('aws@example.org');
    const first = await auth.signIn('aws@example.org');
    const refreshed = await auth.people.refresh({ body: { refreshToken: first.refreshToken } });
    expect(decodeJwt(refreshed.accessToken)['auth_time']).toBe(decodeJwt(first.accessToken)['auth_time']);
    await auth.as(first.accessToken).signOutEverywhere({});
    expect(auth.cognito.calls).toContain('GlobalSignOut');
    const { refreshToken } = first;
    await expect(auth.people.refresh({ body: { refreshToken } })).rejects.toEqual(problem('auth.refresh_refused', 401));
    expect(await refusedAfter(neighbour(auth), refreshed.accessToken)).toBeLessThan(BOUND_MS);
  });

  it('signing out makes the refresh token void at Cognito', async () => {
    auth.add('out@example.org');
    const { refreshToken } = await auth.signIn('out@example.org');
    await auth.people.signOut({ body: { refreshToken } });
    expect(auth.cognito.calls).toContain('RevokeToken');
    await expect(auth.people.refresh({ body: { refreshToken } })).rejects.toEqual(problem('auth.refresh_refused', 401));
  });

  it('who was shut out at Cognito, behind Kinora’s back, can’t refresh or sign in', async () => {
    const user = auth.add('disabled@example.org');
    const { refreshToken } = await auth.signIn('disabled@example.org');
    user.enabled = false;
    await expect(auth.people.refresh({ body: { refreshToken } })).rejects.toEqual(problem('auth.refresh_refused', 401));
    await expect(auth.signIn('disabled@example.org')).rejects.toEqual(problem('auth.credentials_wrong', 401));
  });

  it('the cookie of the browser that asked is cleared', async () => {
    auth.add('cleared@example.org');
    const { accessToken } = await auth.signIn('cleared@example.org');
    const res = await fetch(`${auth.url}${authContract.signOutEverywhere.path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect(res.status).toBe(204);
    expect(res.headers.getSetCookie()[0]).toMatch(/^kinora_refresh=;/);
  });
});
