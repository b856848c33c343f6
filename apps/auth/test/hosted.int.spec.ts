import { HOSTED } from '@kinora/contracts-auth';
import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { PASSWORD, PUBLIC_URL, jsonOf, startAuth } from './harness';
import { type TokenAnswer } from './support/recorded-cognito-pages';
import { type RecordedAuth, startRecordedAuth } from './support/recorded-auth';

jest.setTimeout(120_000);

let auth: RecordedAuth;
beforeAll(async () => void (auth = await startRecordedAuth({ RATE_LIMIT_PER_IP: '1000' })));
afterAll(() => auth.stop());
afterEach(() => auth.cognito.pages.tamperWith((answer) => answer));

const go = (url: string, init: RequestInit = {}) => fetch(url, { redirect: 'manual', ...init });
const locationOf = (res: Response): string => res.headers.get('location') ?? '';
const cookieIn = (res: Response, name: string): string =>
  res.headers
    .getSetCookie()
    .find((one) => one.startsWith(`${name}=`))
    ?.split(';')[0] ?? '';

/** A browser leaves for the pool's pages. */
async function leave(next?: string, from = auth.url) {
  const res = await go(
    `${from}${HOSTED.start}${next === undefined ? '' : `?${new URLSearchParams({ next }).toString()}`}`,
  );
  return { res, address: locationOf(res), journey: cookieIn(res, 'kinora_journey') };
}
/** Its form is filled in; where the browser is sent back to, at the service under test. */
async function fillIn(address: string, email: string, from = auth.url): Promise<string> {
  const form = new URL(locationOf(await go(address)), address);
  const res = await go(form.href, {
    method: 'POST',
    body: new URLSearchParams({ username: email, password: PASSWORD }),
  });
  return locationOf(res).replace(PUBLIC_URL, from);
}
const comeBack = (url: string, journey: string) => go(url, { headers: { cookie: journey } });
const problemPage = (code: string) => `${PUBLIC_URL}/sign-in?problem=${code}`;

async function signIn(email: string, next?: string) {
  const { address, journey } = await leave(next);
  return comeBack(await fillIn(address, email), journey);
}

it('leads there with PKCE, state and nonce, and keeps the secrets in a sealed cookie', async () => {
  const { res, address, journey } = await leave('/watch/vid_1?t=3');
  expect(res.status).toBe(303);
  expect(res.headers.get('cache-control')).toBe('no-store');
  const { origin, pathname, searchParams } = new URL(address);
  expect([origin, pathname]).toEqual([auth.cognito.url, '/oauth2/authorize']);
  expect(Object.fromEntries(searchParams)).toEqual({
    response_type: 'code',
    client_id: auth.cognito.pool.clientId,
    redirect_uri: `${PUBLIC_URL}/v1/auth/callback`,
    scope: 'openid email profile aws.cognito.signin.user.admin',
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: 'S256',
  });
  expect(res.headers.getSetCookie()[0]).toMatch(
    /^kinora_journey=v1\..+; Max-Age=600; Path=\/v1\/auth\/callback; .*HttpOnly; SameSite=Lax$/,
  );
  expect(decodeURIComponent(journey)).not.toContain(searchParams.get('state'));
});

it('brings back with a session, and makes the record of a person on first sight', async () => {
  auth.add('ann@example.org', { name: 'Ann' });
  const res = await signIn('ann@example.org', '/watch/vid_1?t=3');
  expect(res.status).toBe(303);
  expect(locationOf(res)).toBe(`${PUBLIC_URL}/signed-in?next=${encodeURIComponent('/watch/vid_1?t=3')}`);
  expect(cookieIn(res, 'kinora_journey')).toBe('kinora_journey=');
  const refreshed = await go(`${auth.url}/v1/auth/refresh`, {
    method: 'POST',
    headers: { cookie: cookieIn(res, 'kinora_refresh'), 'content-type': 'application/json' },
    body: '{}',
  });
  const { accessToken } = await jsonOf(refreshed);
  expect(await auth.as(String(accessToken)).getProfile({})).toMatchObject({
    email: 'ann@example.org',
    displayName: 'Ann',
    roles: ['creator'],
  });
  // The scopes are those with which a person may manage their account.
  expect(await auth.as(String(accessToken)).getMfa({})).toEqual({ enabled: false });
});

it('takes people of other providers, whose user name is not their id, with their groups as roles', async () => {
  const sub = randomUUID();
  const user = auth.add('okta@example.org', {
    username: 'Okta_okta@example.org',
    sub,
    password: undefined,
    status: 'EXTERNAL_PROVIDER',
    groups: new Set(['us-east-1_pool_Okta']),
  });
  const signInThere = async () => {
    const { address, journey } = await leave();
    const back = locationOf(await go(`${address}&identity_provider=Okta`)).replace(PUBLIC_URL, auth.url);
    const res = await comeBack(back, journey);
    expect(locationOf(res)).toBe(`${PUBLIC_URL}/signed-in?next=%2F`);
    const refreshed = await go(`${auth.url}/v1/auth/refresh`, {
      method: 'POST',
      headers: { cookie: cookieIn(res, 'kinora_refresh'), 'content-type': 'application/json' },
      body: '{}',
    });
    return String((await jsonOf(refreshed))['accessToken']);
  };
  const first = await signInThere();
  expect(await auth.as(first).getProfile({})).toMatchObject({ id: sub, roles: ['creator'] });
  expect([...user.groups]).toEqual(['us-east-1_pool_Okta', 'creator']);

  auth.cognito.pool.groups.add('admin');
  user.groups.add('admin');
  const admin = auth.as(await signInThere());
  expect((await admin.getProfile({})).roles.sort()).toEqual(['admin', 'creator']);
  const { secret } = await admin.createApiKey({ body: { name: 'Key', scopes: ['videos:read'] } });
  expect(secret).toMatch(/^knr_/);

  // An admin changes the roles of somebody whom Cognito knows by another name than Kinora does.
  auth.add('boss@example.org', { groups: new Set(['admin']) });
  const boss = auth.as((await auth.signIn('boss@example.org')).accessToken);
  await boss.setRoles({ params: { userId: sub }, body: { roles: ['viewer'] } });
  expect([...user.groups]).toEqual(['us-east-1_pool_Okta', 'viewer']);
  await boss.setActive({ params: { userId: sub }, body: { active: false } });
  expect(user.enabled).toBe(false);
});

describe('refuses', () => {
  beforeAll(() => void auth.add('victim@example.org'));

  it('who never left from this browser, left for another sign-in, or left too long ago', async () => {
    const mine = await leave();
    const back = await fillIn(mine.address, 'victim@example.org');
    const theirs = await leave();
    // An attacker's link with the attacker's code, opened by somebody with a journey of their own, or with none.
    for (const journey of ['', theirs.journey, 'kinora_journey=v1.a.b.c', `${mine.journey}x`])
      expect(locationOf(await comeBack(back, journey))).toBe(problemPage('auth.sso_refused'));
    // The code itself was good all along.
    expect(locationOf(await comeBack(back, mine.journey))).toContain('/signed-in');
  });

  it('a code that was used, made up, or never came', async () => {
    const { address, journey } = await leave();
    const back = await fillIn(address, 'victim@example.org');
    expect(locationOf(await comeBack(back, journey))).toContain('/signed-in');
    expect(locationOf(await comeBack(back, journey))).toBe(problemPage('auth.sso_refused'));
    const url = new URL(back);
    url.searchParams.set('code', 'made-up');
    expect(locationOf(await comeBack(url.href, journey))).toBe(problemPage('auth.sso_refused'));
    url.searchParams.delete('code');
    url.searchParams.set('error', 'access_denied');
    const denied = await comeBack(url.href, journey);
    expect([locationOf(denied), cookieIn(denied, 'kinora_refresh')]).toEqual([problemPage('auth.sso_refused'), '']);
  });

  const forged: Record<string, (answer: TokenAnswer) => Promise<Partial<TokenAnswer>>> = {
    'an id token of another sign-in': async (answer) => ({
      id_token: await auth.cognito.pool.sign({ ...decodeJwt(answer.id_token), nonce: 'another' }),
    }),
    'an id token without a nonce': async (answer) => ({
      id_token: await auth.cognito.pool.sign({ ...decodeJwt(answer.id_token), nonce: undefined }),
    }),
    'an id token for another application': async (answer) => ({
      id_token: await auth.cognito.pool.sign({ ...decodeJwt(answer.id_token), aud: 'another' }),
    }),
    'an id token of another issuer': async (answer) => ({
      id_token: await auth.cognito.pool.sign({ ...decodeJwt(answer.id_token), iss: 'https://attacker.example' }),
    }),
    'an id token of somebody else': async (answer) => ({
      id_token: await auth.cognito.pool.sign({ ...decodeJwt(answer.id_token), sub: randomUUID() }),
    }),
    'an expired id token': async (answer) => ({
      id_token: await auth.cognito.pool.sign({ ...decodeJwt(answer.id_token), exp: 1_000 }),
    }),
    'an access token in the place of the id token': async (answer) => ({ id_token: answer.access_token }),
    'an id token in the place of the access token': async (answer) => ({ access_token: answer.id_token }),
    'an id token without a signature': async (answer) => ({ id_token: answer.id_token.replace(/\.[^.]*$/, '.') }),
    'no refresh token': async () => ({ refresh_token: undefined as unknown as string }),
  };
  it.each(Object.keys(forged))('%s', async (name) => {
    const { address, journey } = await leave();
    const back = await fillIn(address, 'victim@example.org');
    auth.cognito.pages.tamperWith(async (answer) => ({ ...answer, ...(await forged[name]!(answer)) }));
    const res = await comeBack(back, journey);
    expect([locationOf(res), cookieIn(res, 'kinora_refresh')]).toEqual([problemPage('auth.sso_refused'), '']);
  });

  it.each([
    'https://attacker.example',
    '//attacker.example',
    '/\\attacker.example',
    '\\\\attacker.example',
    '/\t/attacker.example',
    '/..//attacker.example',
    'javascript:alert(1)',
    'watch/vid_1',
    '',
  ])('to lead to %j afterwards', async (next) => {
    expect(locationOf(await signIn('victim@example.org', next))).toBe(`${PUBLIC_URL}/signed-in?next=%2F`);
  });

  it('who is shut out', async () => {
    auth.add('gone@example.org');
    const { accessToken } = await auth.signIn('gone@example.org');
    const { id: userId } = await auth.as(accessToken).getProfile({});
    auth.add('chief@example.org', { groups: new Set(['admin']) });
    const chief = auth.as((await auth.signIn('chief@example.org')).accessToken);
    await chief.setActive({ params: { userId }, body: { active: false } });
    // As if Cognito had not heard of it.
    auth.cognito.pool.find('gone@example.org')!.enabled = true;
    const res = await signIn('gone@example.org');
    expect([locationOf(res), cookieIn(res, 'kinora_refresh')]).toEqual([problemPage('auth.credentials_wrong'), '']);
  });
});

it('shows its secret to the token endpoint when the app client has one', async () => {
  const secret = await startRecordedAuth({ clientSecret: 'a-secret-of-the-app-client' });
  secret.add('ann@example.org');
  const { address, journey } = await leave(undefined, secret.url);
  const back = await fillIn(address, 'ann@example.org', secret.url);
  expect(locationOf(await comeBack(back, journey))).toBe(`${PUBLIC_URL}/signed-in?next=%2F`);
  await secret.stop();
});

it('says that it is there', async () => {
  expect(await auth.people.signInOptions({})).toEqual({ sso: true });
});

it('is a stable 404 where the pool has no pages', async () => {
  const without = await startAuth();
  expect(await without.people.signInOptions({})).toEqual({ sso: false });
  for (const path of Object.values(HOSTED)) {
    const res = await go(`${without.url}${path}`);
    expect([res.status, (await jsonOf(res))['code']]).toEqual([404, 'auth.sso_unavailable']);
  }
  await without.stop();
});

it('tells an outage of the pool’s domain from a refusal', async () => {
  const lonely = await startRecordedAuth({ COGNITO_DOMAIN: 'http://127.0.0.1:9' });
  const { address, journey } = await leave(undefined, lonely.url);
  const state = new URL(address).searchParams.get('state') ?? '';
  const res = await comeBack(`${lonely.url}${HOSTED.callback}?code=c&state=${state}`, journey);
  expect(locationOf(res)).toBe(problemPage('service.unavailable'));
  await lonely.stop();
});
