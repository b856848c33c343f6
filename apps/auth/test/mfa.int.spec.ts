import { type Tokens } from '@kinora/contracts-auth';
import { withClient } from '@kinora/testing';
import { decodeJwt } from 'jose';
import { PASSWORD, authenticatorApp, challengeOf, problem, startAuth } from './harness';
import { type RecordedAuth, startRecordedAuth } from './support/recorded-auth';

jest.setTimeout(120_000);

type World = Pick<RecordedAuth, 'url' | 'as' | 'people' | 'stop' | 'database'> & {
  person(email: string): Promise<Tokens>;
};

const worlds: Record<string, () => Promise<World>> = {
  'cognito-local': () => startAuth(),
  'recorded AWS shapes': async () => {
    const auth = await startRecordedAuth();
    return { ...auth, person: async (email) => (auth.add(email), auth.signIn(email)) };
  },
  'recorded AWS shapes, app client with a secret': async () => {
    const auth = await startRecordedAuth({ clientSecret: 'a-secret-of-the-app-client' });
    return { ...auth, person: async (email) => (auth.add(email), auth.signIn(email)) };
  },
};

describe.each(Object.keys(worlds))('the second step, on %s', (name) => {
  let auth: World;
  beforeAll(async () => void (auth = await worlds[name]!()));
  afterAll(() => auth.stop());

  const signIn = (email: string) => auth.people.signIn({ body: { email, password: PASSWORD } });

  it('is set up, asked for, and switched off with password and code', async () => {
    const email = 'ann@example.org';
    const me = auth.as((await auth.person(email)).accessToken);
    expect(await me.getMfa({})).toEqual({ enabled: false });
    const { secret, uri } = await me.setUpMfa({});
    expect(uri).toBe(`otpauth://totp/localhost:${encodeURIComponent(email)}?secret=${secret}&issuer=localhost`);
    const app = authenticatorApp(secret);
    // Nothing is in force before a code has shown that it works.
    await signIn(email);
    await expect(me.enableMfa({ body: { code: '000000' } })).rejects.toEqual(problem('auth.code_wrong', 400));
    await me.enableMfa({ body: { code: app.code(-1) } });
    expect(await me.getMfa({})).toEqual({ enabled: true });

    const { code, session } = await challengeOf(signIn(email));
    expect(code).toBe('auth.mfa_required');
    expect(session).not.toContain(email);
    await expect(auth.people.answerMfa({ body: { session, code: '000000' } })).rejects.toEqual(
      problem('auth.code_wrong', 400),
    );
    const tokens = await auth.people.answerMfa({ body: { session, code: app.code() } });
    expect(await auth.as(tokens.accessToken).getProfile({})).toMatchObject({ email, roles: ['creator'] });

    // Whoever has nothing but a token can neither switch it off nor put a secret of their own in its place.
    await expect(me.setUpMfa({})).rejects.toEqual(problem('auth.mfa_enabled', 409));
    await expect(me.enableMfa({ body: { code: app.code() } })).rejects.toEqual(problem('auth.mfa_enabled', 409));
    const off = (password: string, code: string) => me.disableMfa({ body: { password, code } });
    await expect(off('not the password', app.code(1))).rejects.toEqual(problem('auth.credentials_wrong', 401));
    await expect(off(PASSWORD, '000000')).rejects.toEqual(problem('auth.code_wrong', 400));
    await signIn(email).then(
      () => expect('signed in').toBe('asked for a code'),
      (error: unknown) => expect(error).toEqual(problem('auth.mfa_required', 403)),
    );
    await off(PASSWORD, app.code(1));
    expect(await me.getMfa({})).toEqual({ enabled: false });
    await signIn(email);
    await expect(off(PASSWORD, app.code(1))).rejects.toEqual(problem('auth.mfa_disabled', 409));
  });

  it('sets the cookie when it is done, and not before', async () => {
    const email = 'browser@example.org';
    const me = auth.as((await auth.person(email)).accessToken);
    const app = authenticatorApp((await me.setUpMfa({})).secret);
    await me.enableMfa({ body: { code: app.code(-1) } });
    const post = (path: string, body: object) =>
      fetch(`${auth.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const first = await post('/v1/auth/sign-in', { email, password: PASSWORD });
    expect([first.status, first.headers.getSetCookie()]).toEqual([403, []]);
    const { challenge } = (await first.json()) as { challenge: { session: string; expiresIn: number } };
    expect(challenge.expiresIn).toBe(180);
    const second = await post('/v1/auth/mfa', { session: challenge.session, code: ` ${app.code()} ` });
    expect(second.status).toBe(200);
    expect(second.headers.get('cache-control')).toBe('no-store');
    expect(second.headers.getSetCookie()[0]).toMatch(/^kinora_refresh=.+HttpOnly; SameSite=Strict$/);
  });

  it('takes no session that was not sealed here, or was changed', async () => {
    const email = 'sealed@example.org';
    const me = auth.as((await auth.person(email)).accessToken);
    const app = authenticatorApp((await me.setUpMfa({})).secret);
    await me.enableMfa({ body: { code: app.code(-1) } });
    const { session } = await challengeOf(signIn(email));
    const changed = `${session.slice(0, -2)}${session.endsWith('AA') ? 'BB' : 'AA'}`;
    for (const bad of ['x', changed, `${session}x`])
      await expect(auth.people.answerMfa({ body: { session: bad, code: app.code() } })).rejects.toEqual(
        problem('auth.session_expired', 401),
      );
    await expect(auth.people.chooseFirstPassword({ body: { session, password: 'Another-Horse-2' } })).rejects.toEqual(
      problem('auth.session_expired', 401),
    );
  });
});

describe('on recorded AWS shapes alone', () => {
  let auth: RecordedAuth;
  beforeAll(async () => void (auth = await startRecordedAuth({ RATE_LIMIT_PER_EMAIL: '4' })));
  afterAll(() => auth.stop());

  const enabled = async (email: string) => {
    auth.add(email);
    const me = auth.as((await auth.signIn(email)).accessToken);
    const app = authenticatorApp((await me.setUpMfa({})).secret);
    await me.enableMfa({ body: { code: app.code(-1) } });
    return { me, app };
  };

  it('a code is good once', async () => {
    const { app } = await enabled('once@example.org');
    const answer = async (code: string) => {
      const { session } = await challengeOf(auth.signIn('once@example.org'));
      return auth.people.answerMfa({ body: { session, code } });
    };
    const code = app.code();
    await answer(code);
    await expect(answer(code)).rejects.toEqual(problem('auth.code_used', 400));
    await answer(app.code(1));
  });

  it('attempts are counted by account, whatever the session and the address', async () => {
    const { app } = await enabled('guessed@example.org');
    const guess = async (ip: string, code = '000000') => {
      const { session } = await challengeOf(auth.signIn('guessed@example.org'));
      const res = await fetch(`${auth.url}/v1/auth/mfa`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': ip },
        body: JSON.stringify({ session, code }),
      });
      return res.status;
    };
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) statuses.push(await guess(`198.51.100.${i}`));
    // That the right password was given five times is no failed attempt: each of them got a session.
    expect(statuses).toEqual([400, 400, 400, 400, 429]);
    expect(await guess('198.51.100.77', app.code())).toBe(429);
  });

  it('an account that somebody else made chooses a password first, and gets its record and role', async () => {
    const email = 'invited@example.org';
    auth.add(email, { status: 'FORCE_CHANGE_PASSWORD' });
    const { code, session } = await challengeOf(auth.signIn(email));
    expect(code).toBe('auth.new_password_required');
    const choose = (password: string) => auth.people.chooseFirstPassword({ body: { session, password } });
    await expect(choose('all-small-1')).rejects.toEqual(problem('auth.password_weak', 400));
    const { accessToken } = await choose('Another-Horse-2');
    expect(await auth.as(accessToken).getProfile({})).toMatchObject({ email, roles: ['creator'] });
    expect(decodeJwt(accessToken)['cognito:groups']).toEqual(['creator']);
    await auth.signIn(email, 'Another-Horse-2');
  });

  it('the policy of the pool and its names for errors become ours', async () => {
    const signUp = (password: string) => auth.people.signUp({ body: { email: 'new@example.org', password } });
    await expect(signUp('nocapitals-1')).rejects.toEqual(problem('auth.password_weak', 400));
    await signUp(PASSWORD);
    await expect(auth.signIn('new@example.org')).rejects.toEqual(problem('auth.not_confirmed', 403));
    await expect(auth.signIn('new@example.org', 'wrong')).rejects.toEqual(problem('auth.credentials_wrong', 401));
    await expect(auth.signIn('nobody@example.org')).rejects.toEqual(problem('auth.credentials_wrong', 401));
  });

  it('a secret of an authenticator application is kept nowhere by Kinora', async () => {
    auth.add('secret@example.org');
    const me = auth.as((await auth.signIn('secret@example.org')).accessToken);
    const { secret } = await me.setUpMfa({});
    const dump = await withClient(auth.database.url, (client) =>
      client.query('select (select json_agg(u)::text from auth.users u) as all'),
    );
    expect(dump.rows[0].all).toContain('secret@example.org');
    expect(dump.rows[0].all).not.toContain(secret);
  });
});
