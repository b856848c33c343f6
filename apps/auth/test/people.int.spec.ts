import { withClient } from '@kinora/testing';
import { type Harness, PASSWORD, jsonOf, problem, startAuth } from './harness';

jest.setTimeout(120_000);

let auth: Harness;
beforeAll(async () => void (auth = await startAuth()));
afterAll(() => auth.stop());

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${auth.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

describe('an account', () => {
  it('is made, confirmed and used', async () => {
    const email = 'ann@example.org';
    const created = await auth.people.signUp({
      body: { email: 'Ann@Example.org', password: PASSWORD, displayName: 'Ann' },
    });
    expect(created).toEqual({ userId: expect.any(String), confirmed: false });
    const refused = auth.people.signIn({ body: { email, password: PASSWORD } });
    await expect(refused).rejects.toEqual(problem('auth.not_confirmed', 403));
    const code = await auth.cognito.codeFor(email);
    await expect(auth.people.confirm({ body: { email, code: 'wrong-code' } })).rejects.toEqual(
      problem('auth.code_wrong', 400),
    );
    await auth.people.confirm({ body: { email, code } });

    const tokens = await auth.people.signIn({ body: { email, password: PASSWORD } });
    expect(tokens).toEqual({
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      expiresIn: expect.any(Number),
      tokenType: 'Bearer',
    });
    expect(tokens.expiresIn).toBeGreaterThan(60);
    const me = auth.as(tokens.accessToken);
    const profile = {
      id: created.userId,
      email,
      displayName: 'Ann',
      roles: ['creator'],
      createdAt: expect.any(String),
    };
    expect(await me.getProfile({})).toEqual(profile);
    expect(await me.updateProfile({ body: { displayName: 'Ann B.' } })).toEqual({ ...profile, displayName: 'Ann B.' });
    expect(await me.getProfile({})).toEqual({ ...profile, displayName: 'Ann B.' });
  });

  it('is not made twice', async () => {
    await auth.person('twice@example.org');
    const again = auth.people.signUp({ body: { email: 'TWICE@example.org', password: PASSWORD } });
    await expect(again).rejects.toEqual(problem('auth.email_taken', 409));
  });

  it('gets its role at sign-in when enrolment failed after sign-up', async () => {
    const email = 'late@example.org';
    const { userId } = await auth.people.signUp({ body: { email, password: PASSWORD } });
    await auth.people.confirm({ body: { email, code: await auth.cognito.codeFor(email) } });
    await withClient(auth.database.url, (client) => client.query('delete from auth.users where id = $1', [userId]));
    const { accessToken } = await auth.people.signIn({ body: { email, password: PASSWORD } });
    expect(await auth.as(accessToken).getProfile({})).toMatchObject({
      id: userId,
      displayName: 'late',
      roles: ['creator'],
    });
  });

  it('gets another code when asked, and answers alike for unknown addresses', async () => {
    const email = 'again@example.org';
    await auth.people.signUp({ body: { email, password: PASSWORD } });
    await auth.cognito.codeFor(email);
    await auth.people.resendCode({ body: { email } });
    await auth.people.confirm({ body: { email, code: await auth.cognito.codeFor(email) } });
    await auth.people.resendCode({ body: { email: 'nobody@example.org' } });
    await auth.people.forgotPassword({ body: { email: 'nobody@example.org' } });
  });

  it('gets a new password with a code', async () => {
    const email = 'forgot@example.org';
    await auth.person(email);
    await auth.people.forgotPassword({ body: { email } });
    const code = await auth.cognito.codeFor(email);
    const password = 'Another-Horse-2';
    const wrong = auth.people.resetPassword({ body: { email, code: 'no-such-code', password } });
    await expect(wrong).rejects.toEqual(problem('auth.code_wrong', 400));
    const unknown = auth.people.resetPassword({
      body: { email: 'nobody@example.org', code: 'no-such-code', password },
    });
    await expect(unknown).rejects.toEqual(problem('auth.code_wrong', 400));
    await auth.people.resetPassword({ body: { email, code, password } });
    await expect(auth.people.signIn({ body: { email, password: PASSWORD } })).rejects.toEqual(
      problem('auth.credentials_wrong', 401),
    );
    await auth.people.signIn({ body: { email, password } });
  });

  it('does not tell an unknown address from a wrong password', async () => {
    await auth.person('known@example.org');
    const answers = await Promise.all(
      ['known@example.org', 'unknown@example.org'].map(async (email) => {
        const res = await post('/v1/auth/sign-in', { email, password: 'not the password' });
        const { requestId: _, ...body } = await jsonOf(res);
        return { status: res.status, body };
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ status: 401, body: { code: 'auth.credentials_wrong' } });
  });

  it('names the fields of a body that does not fit', async () => {
    const res = await post('/v1/auth/sign-up', { email: 'not an address', password: 'short' });
    expect(res.status).toBe(400);
    expect(await res.json()).toMatchObject({
      code: 'request.invalid',
      errors: [{ field: 'body.email' }, { field: 'body.password' }],
    });
  });
});

describe('a session', () => {
  it('is renewed by a refresh token in the body', async () => {
    const { refreshToken } = await auth.person('body@example.org');
    const fresh = await auth.people.refresh({ body: { refreshToken } });
    expect(fresh.refreshToken).toBe(refreshToken);
    await auth.as(fresh.accessToken).getProfile({});
    await auth.people.signOut({ body: { refreshToken } });
    await expect(auth.people.refresh({ body: { refreshToken } })).rejects.toEqual(problem('auth.refresh_refused', 401));
    await auth.people.signOut({ body: { refreshToken } });
  });

  it('is renewed by the cookie, whose token no script gets to see', async () => {
    const email = 'cookie@example.org';
    await auth.person(email);
    const signedIn = await post('/v1/auth/sign-in', { email, password: PASSWORD });
    const [set = ''] = signedIn.headers.getSetCookie();
    expect(set).toMatch(
      /^kinora_refresh=[^;]+; Max-Age=2592000; Path=\/v1\/auth; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    );
    expect(signedIn.headers.get('cache-control')).toBe('no-store');
    const cookie = set.slice(0, set.indexOf(';'));

    const renewed = await post('/v1/auth/refresh', {}, { cookie: `other=1; ${cookie}` });
    expect(renewed.status).toBe(200);
    expect(renewed.headers.getSetCookie()).toHaveLength(1);
    const fresh = await jsonOf(renewed);
    expect(fresh['refreshToken']).toBe('');
    await auth.as(String(fresh['accessToken'])).getProfile({});

    const out = await post('/v1/auth/sign-out', {}, { cookie });
    expect(out.status).toBe(204);
    expect(out.headers.getSetCookie()[0]).toMatch(/^kinora_refresh=; Path=\/v1\/auth; Expires=Thu, 01 Jan 1970/);
    const refused = await post('/v1/auth/refresh', {}, { cookie });
    expect(refused.status).toBe(401);
    expect(refused.headers.getSetCookie()[0]).toMatch(/^kinora_refresh=;/);
    expect((await post('/v1/auth/refresh', {})).status).toBe(401);
  });
});

describe('roles', () => {
  it('are set by an admin, and by nobody else', async () => {
    const email = 'chief@example.org';
    const creator = await auth.person(email);
    const { id } = await auth.as(creator.accessToken).getProfile({});
    const other = await auth.person('member@example.org');
    const member = await auth.as(other.accessToken).getProfile({});
    const set = (token: string, userId: string, roles: ('viewer' | 'creator' | 'admin')[]) =>
      auth.as(token).setRoles({ params: { userId }, body: { roles } });
    await expect(set(creator.accessToken, member.id, ['admin'])).rejects.toEqual(problem('auth.forbidden', 403));

    const admin = await auth.makeAdmin(email);
    expect((await auth.as(admin.accessToken).getProfile({})).roles.sort()).toEqual(['admin', 'creator']);
    expect(await set(admin.accessToken, member.id, ['viewer', 'viewer'])).toMatchObject({
      id: member.id,
      roles: ['viewer'],
    });
    const again = await auth.people.signIn({ body: { email: 'member@example.org', password: PASSWORD } });
    expect((await auth.as(again.accessToken).getProfile({})).roles).toEqual(['viewer']);

    await expect(set(admin.accessToken, 'nobody', ['viewer'])).rejects.toEqual(problem('auth.user_not_found', 404));
    await expect(set(admin.accessToken, 'member@example.org', ['viewer'])).rejects.toEqual(
      problem('auth.user_not_found', 404),
    );
    await expect(set(admin.accessToken, id, ['creator'])).rejects.toEqual(problem('auth.own_admin_role', 409));
  });
});
