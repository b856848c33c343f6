/** @jest-environment jsdom */

/** Answers by path, and what was asked. */
function server(answers: Record<string, (init: RequestInit | undefined) => [status: number, body?: unknown]>) {
  const asked: { path: string; token: string | null }[] = [];
  globalThis.fetch = (async (input: string, init?: RequestInit) => {
    const path = String(input);
    asked.push({ path, token: new Headers(init?.headers).get('authorization') });
    const [status, body] = answers[path]?.(init) ?? [404];
    return {
      ok: status < 300,
      status,
      headers: new Headers(),
      json: async () => body,
      text: async () => JSON.stringify(body ?? {}),
    };
  }) as unknown as typeof fetch;
  return asked;
}

const tokens = (accessToken: string, expiresIn = 3600) => ({
  accessToken,
  refreshToken: 'r',
  expiresIn,
  tokenType: 'Bearer',
});

/** A fresh copy of the module: it keeps the session of a tab. */
async function fresh(signedIn: boolean) {
  jest.resetModules();
  localStorage.clear();
  if (signedIn) localStorage.setItem('kinora.signed-in', '1');
  AbortSignal.timeout ??= () => new AbortController().signal;
  return { session: await import('./session'), client: await import('./client') };
}

test('somebody who never signed in causes no request for a token', async () => {
  const asked = server({ '/x': () => [200] });
  const { client } = await fresh(false);
  await client.authorizedFetch('/x');
  expect(asked).toEqual([{ path: '/x', token: null }]);
});

test('after a reload the cookie gives a token, once for calls at the same time', async () => {
  const asked = server({ '/x': () => [200], '/v1/auth/refresh': () => [200, tokens('a')] });
  const { client, session } = await fresh(true);
  expect(session.sessionState()).toBe('unknown');
  await Promise.all([client.authorizedFetch('/x'), client.authorizedFetch('/x')]);
  expect(asked.filter(({ path }) => path === '/v1/auth/refresh')).toHaveLength(1);
  expect(asked.filter(({ token }) => token === 'Bearer a')).toHaveLength(2);
  expect(session.sessionState()).toBe('signed-in');
});

test('a refused token is renewed once, and the call repeated', async () => {
  let given = 0;
  const asked = server({
    '/v1/auth/refresh': () => [200, tokens(`t${(given += 1)}`)],
    '/x': (init) => [new Headers(init?.headers).get('authorization') === 'Bearer t1' ? 401 : 200],
  });
  const { client } = await fresh(true);
  expect((await client.authorizedFetch('/x')).status).toBe(200);
  expect(asked.map(({ path, token }) => `${path} ${token ?? '-'}`)).toEqual([
    '/v1/auth/refresh -',
    '/x Bearer t1',
    '/v1/auth/refresh -',
    '/x Bearer t2',
  ]);
});

test('a session that has ended is told, and the refusal comes through', async () => {
  server({
    '/v1/auth/refresh': () => [401, { title: 'no', status: 401, code: 'auth.refresh_refused' }],
    '/x': () => [401],
  });
  const { client, session } = await fresh(true);
  const heard = jest.fn();
  session.onSession(heard);
  expect((await client.authorizedFetch('/x')).status).toBe(401);
  expect(session.sessionState()).toBe('signed-out');
  expect(heard).toHaveBeenCalledTimes(1);
  expect(localStorage.getItem('kinora.signed-in')).toBeNull();
});

test('a server that is away does not sign anybody out', async () => {
  server({ '/v1/auth/refresh': () => [503], '/x': () => [503] });
  const { client, session } = await fresh(true);
  await client.authorizedFetch('/x');
  expect(session.sessionState()).toBe('unknown');
});

test('a sign-in that waits for a code goes on with its session, and is none before', async () => {
  const sent: unknown[] = [];
  const problem = {
    title: 'Forbidden',
    status: 403,
    code: 'auth.mfa_required',
    challenge: { session: 'sealed', expiresIn: 180 },
  };
  server({
    '/v1/auth/sign-in': () => [403, problem],
    '/v1/auth/mfa': (init) => {
      sent.push(JSON.parse(init?.body as string));
      return [200, tokens('a')];
    },
  });
  const { session } = await fresh(false);
  const refusal: unknown = await session.signIn('a@example.org', 'p').catch((error: unknown) => error);
  expect(session.sessionState()).toBe('signed-out');
  expect(session.stepOf(refusal)).toEqual({ code: 'auth.mfa_required', session: 'sealed' });
  expect(session.stepOf(new Error('else'))).toBeUndefined();
  await session.answerMfa('sealed', '123 456');
  expect(sent).toEqual([{ session: 'sealed', code: '123 456' }]);
  expect(session.sessionState()).toBe('signed-in');
});
