import {
  AdminAddUserToGroupCommand,
  AdminConfirmSignUpCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  CreateUserPoolDomainCommand,
  SetUserPoolMfaConfigCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { HOSTED } from '@kinora/contracts-auth';
import { asSetUp, backend } from '@kinora/testing';
import { PASSWORD, PUBLIC_URL, authenticatorApp, challengeOf, problem, startService } from './harness';

jest.setTimeout(180_000);

/**
 * The flows against ministack, which has GlobalSignOut, refresh tokens that end, and codes that it checks (all of which cognito-local lacks in
 * part), but takes any confirmation code and lets a code of an authenticator application be used twice: those are proven on cognito-local
 * and on the recorded shapes.
 */
let auth: Awaited<ReturnType<typeof startService>>;
let admin: CognitoIdentityProviderClient;
let pool: { UserPoolId: string; ClientId: string };

beforeAll(async () => {
  const { endpoint, region } = backend('aws');
  admin = new CognitoIdentityProviderClient(asSetUp(backend('aws')));
  const made = await admin.send(
    new CreateUserPoolCommand({ PoolName: 'p', UsernameAttributes: ['email'], AutoVerifiedAttributes: ['email'] }),
  );
  const UserPoolId = made.UserPool?.Id ?? '';
  const app = await admin.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'c',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      EnableTokenRevocation: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthScopes: ['openid', 'email', 'profile', 'aws.cognito.signin.user.admin'],
      CallbackURLs: [`${PUBLIC_URL}${HOSTED.callback}`],
      SupportedIdentityProviders: ['COGNITO'],
    }),
  );
  pool = { UserPoolId, ClientId: app.UserPoolClient?.ClientId ?? '' };
  await admin.send(
    new SetUserPoolMfaConfigCommand({
      UserPoolId,
      MfaConfiguration: 'OPTIONAL',
      SoftwareTokenMfaConfiguration: { Enabled: true },
    }),
  );
  await admin.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain: `kinora-${Date.now()}` }));
  auth = await startService({
    COGNITO_USER_POOL_ID: UserPoolId,
    COGNITO_CLIENT_ID: pool.ClientId,
    COGNITO_ENDPOINT: endpoint,
    COGNITO_DOMAIN: endpoint,
    COGNITO_REGION: region,
  });
});
afterAll(async () => {
  await auth.stop();
  admin.destroy();
});

async function person(email: string) {
  await auth.people.signUp({ body: { email, password: PASSWORD } });
  await admin.send(new AdminConfirmSignUpCommand({ UserPoolId: pool.UserPoolId, Username: email }));
  return signIn(email);
}
const signIn = (email: string) => auth.people.signIn({ body: { email, password: PASSWORD } });
const refresh = (refreshToken: string) => auth.people.refresh({ body: { refreshToken } });
const refused = problem('auth.refresh_refused', 401);

it('an account is made, used, and its session ended by RevokeToken', async () => {
  const { accessToken, refreshToken } = await person('ann@example.org');
  expect(await auth.as(accessToken).getProfile({})).toMatchObject({ email: 'ann@example.org', roles: ['creator'] });
  await expect(auth.people.signIn({ body: { email: 'ann@example.org', password: 'wrong' } })).rejects.toEqual(
    problem('auth.credentials_wrong', 401),
  );
  await refresh(refreshToken);
  await auth.people.signOut({ body: { refreshToken } });
  await expect(refresh(refreshToken)).rejects.toEqual(refused);
});

it('GlobalSignOut ends all sessions, and a later one begins', async () => {
  const first = await person('everywhere@example.org');
  const second = await signIn('everywhere@example.org');
  await auth.as(first.accessToken).signOutEverywhere({});
  for (const { refreshToken } of [first, second]) await expect(refresh(refreshToken)).rejects.toEqual(refused);
  await refresh((await signIn('everywhere@example.org')).refreshToken);
});

it('the second step is set up, asked for, refreshed after, and switched off', async () => {
  const email = 'mfa@example.org';
  const me = auth.as((await person(email)).accessToken);
  const app = authenticatorApp((await me.setUpMfa({})).secret);
  await expect(me.enableMfa({ body: { code: '000000' } })).rejects.toEqual(problem('auth.code_wrong', 400));
  await me.enableMfa({ body: { code: app.code() } });
  const { code, session } = await challengeOf(signIn(email));
  expect(code).toBe('auth.mfa_required');
  await expect(auth.people.answerMfa({ body: { session, code: '000000' } })).rejects.toEqual(
    problem('auth.code_wrong', 400),
  );
  const tokens = await auth.people.answerMfa({ body: { session, code: app.code() } });
  await refresh(tokens.refreshToken);
  await auth.as(tokens.accessToken).disableMfa({ body: { password: PASSWORD, code: app.code() } });
  await signIn(email);
});

it('an admin of Kinora shuts somebody out', async () => {
  const { accessToken, refreshToken } = await person('gone@example.org');
  const { id: userId } = await auth.as(accessToken).getProfile({});
  await person('boss@example.org');
  await admin.send(new CreateGroupCommand({ UserPoolId: pool.UserPoolId, GroupName: 'admin' }));
  await admin.send(
    new AdminAddUserToGroupCommand({ UserPoolId: pool.UserPoolId, Username: 'boss@example.org', GroupName: 'admin' }),
  );
  const boss = auth.as((await signIn('boss@example.org')).accessToken);
  await boss.setActive({ params: { userId }, body: { active: false } });
  await expect(refresh(refreshToken)).rejects.toEqual(refused);
  await expect(signIn('gone@example.org')).rejects.toEqual(problem('auth.credentials_wrong', 401));
  await boss.setActive({ params: { userId }, body: { active: true } });
  await signIn('gone@example.org');
});

it('the pool’s own pages lead to a session (code flow with PKCE)', async () => {
  await person('hosted@example.org');
  const go = (url: string, init: RequestInit = {}) => fetch(url, { redirect: 'manual', ...init });
  const left = await go(`${auth.url}${HOSTED.start}?next=/upload`);
  const address = left.headers.get('location') ?? '';
  const html = await (await go(address)).text();
  // What the form of the page holds besides the two fields that a person fills in.
  const hidden = [...html.matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)].map(
    ([, name = '', value = '']): [string, string] => [name, value.replaceAll('&amp;', '&')],
  );
  const form = new URLSearchParams([...hidden, ['username', 'hosted@example.org'], ['password', PASSWORD]]);
  const sent = await go(new URL('/login', address).href, { method: 'POST', body: form });
  const back = (sent.headers.get('location') ?? '').replace(PUBLIC_URL, auth.url);
  expect(back).toContain(`${HOSTED.callback}?`);
  const res = await go(back, { headers: { cookie: left.headers.getSetCookie()[0]?.split(';')[0] ?? '' } });
  expect(res.headers.get('location')).toBe(`${PUBLIC_URL}/signed-in?next=%2Fupload`);
  const cookie = res.headers.getSetCookie().find((one) => one.startsWith('kinora_refresh=')) ?? '';
  expect(cookie).toContain('HttpOnly');
  const { accessToken } = await refresh(decodeURIComponent(/^kinora_refresh=([^;]+)/.exec(cookie)?.[1] ?? ''));
  expect(await auth.as(accessToken).getProfile({})).toMatchObject({ email: 'hosted@example.org' });
});
