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
import { asSetUp, backend, withClient } from '@kinora/testing';
import { PASSWORD, SERVICE_SECRET, PUBLIC_URL, authenticatorApp, challengeOf, problem, startService } from './harness';

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
async function adminOfKinora(email: string) {
  await person(email);
  const membership = { UserPoolId: pool.UserPoolId, GroupName: 'admin' };
  await admin.send(new CreateGroupCommand(membership)).catch((error: Error) => {
    if (error.name !== 'GroupExistsException') throw error;
  });
  await admin.send(new AdminAddUserToGroupCommand({ ...membership, Username: email }));
  return auth.as((await signIn(email)).accessToken);
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
  const boss = await adminOfKinora('boss@example.org');
  await boss.setActive({ params: { userId }, body: { active: false } });
  await expect(refresh(refreshToken)).rejects.toEqual(refused);
  await expect(signIn('gone@example.org')).rejects.toEqual(problem('auth.credentials_wrong', 401));
  await boss.setActive({ params: { userId }, body: { active: true } });
  await signIn('gone@example.org');
});

it('an admin of Kinora gives and takes roles, which keys of that person have too', async () => {
  const email = 'roles@example.org';
  const before = auth.as((await person(email)).accessToken);
  const { id: userId } = await before.getProfile({});
  const boss = await adminOfKinora('chief@example.org');
  await boss.setRoles({ params: { userId }, body: { roles: ['viewer'] } });
  const after = auth.as((await signIn(email)).accessToken);
  expect(await after.getProfile({})).toMatchObject({ roles: ['viewer'] });
  const { secret } = await after.createApiKey({ body: { name: 'script', scopes: ['videos:read'] } });
  const { token } = await auth.people.issueServiceToken({ body: { service: 'upload', secret: SERVICE_SECRET } });
  const resolved = () => auth.as(token).verifyApiKey({ body: { secret } });
  expect(await resolved()).toMatchObject({ roles: ['viewer'] });
  // Changed behind Kinora's back: seen once the mirror is a minute old.
  await admin.send(
    new AdminAddUserToGroupCommand({ UserPoolId: pool.UserPoolId, Username: email, GroupName: 'admin' }),
  );
  await withClient(auth.database.url, (client) =>
    client.query("update auth.users set roles_checked_at = now() - interval '2 minutes' where id = $1", [userId]),
  );
  expect(await resolved()).toMatchObject({ roles: expect.arrayContaining(['admin']) as string[] });
});

it('codes are sent again, and a forgotten password is replaced', async () => {
  const email = 'forgetful@example.org';
  await auth.people.signUp({ body: { email, password: PASSWORD } });
  await auth.people.resendCode({ body: { email } });
  await auth.people.confirm({ body: { email, code: '123456' } });
  await auth.people.forgotPassword({ body: { email } });
  await auth.people.resetPassword({ body: { email, code: '123456', password: 'Another-Horse-2' } });
  await auth.people.signIn({ body: { email, password: 'Another-Horse-2' } });
  await expect(signIn(email)).rejects.toEqual(problem('auth.credentials_wrong', 401));
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
