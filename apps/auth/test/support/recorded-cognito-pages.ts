import { createHash, randomBytes } from 'node:crypto';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type RecordedPool, type RecordedUser } from './recorded-cognito-pool';

export interface Asked {
  readonly url: URL;
  readonly form: URLSearchParams;
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

/** What the token endpoint sends; a test may change it on the way, as an attacker in its place would. */
export interface TokenAnswer {
  id_token: string;
  access_token: string;
  refresh_token: string;
  expires_in: number;
  token_type: 'Bearer';
}

const page = (res: ServerResponse, status: number, html: string) =>
  res.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(html);
const json = (res: ServerResponse, status: number, body: unknown) =>
  res.writeHead(status, { 'content-type': 'application/json;charset=UTF-8' }).end(JSON.stringify(body));
const redirect = (res: ServerResponse, to: string) => res.writeHead(302, { location: to }).end();

/** The managed login pages and endpoints of a user pool's domain (developer guide, "User pool endpoints and managed login reference"). */
export function createRecordedPages(pool: RecordedPool, callbackUrl: string) {
  const codes = new Map<string, { user: RecordedUser; query: URLSearchParams }>();
  let tamper = (answer: TokenAnswer): unknown => answer;

  const sendBack = (res: ServerResponse, query: URLSearchParams, user: RecordedUser) => {
    const code = randomBytes(18).toString('base64url');
    codes.set(code, { user, query });
    const back = new URLSearchParams({ code, state: query.get('state') ?? '' });
    redirect(res, `${callbackUrl}?${back.toString()}`);
  };

  return {
    tamperWith: (change: typeof tamper) => void (tamper = change),
    routes: {
      // "Authorize endpoint": on what is wrong with client or redirect URI it shows a page, and sends nobody anywhere.
      'GET /oauth2/authorize'({ url, res }: Asked) {
        const query = url.searchParams;
        if (query.get('client_id') !== pool.clientId || query.get('redirect_uri') !== callbackUrl)
          return page(res, 400, 'redirect_mismatch');
        if (query.get('response_type') !== 'code' || query.get('code_challenge_method') !== 'S256')
          return redirect(res, `${callbackUrl}?error=invalid_request&state=${query.get('state') ?? ''}`);
        // `identity_provider`: the person has been there and back.
        const provider = query.get('identity_provider');
        const user = [...pool.users.values()].find(
          (one) => provider !== null && one.username.startsWith(`${provider}_`),
        );
        return user ? sendBack(res, query, user) : redirect(res, `/login?${query.toString()}`);
      },
      // "Login endpoint"
      'GET /login': ({ res }: Asked) =>
        page(res, 200, '<form method="post"><input name="username"><input name="password" type="password"></form>'),
      'POST /login'({ url, form, res }: Asked) {
        const user = pool.find(form.get('username') ?? '');
        if (user?.password === undefined || user.password !== form.get('password') || !user.enabled)
          return page(res, 200, 'Incorrect username or password.');
        return sendBack(res, url.searchParams, user);
      },
      // "Token endpoint": with the errors it lists, `invalid_client` and `invalid_grant`.
      async 'POST /oauth2/token'({ form, req, res }: Asked) {
        const basic = Buffer.from((req.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString();
        const shown = pool.clientSecret === undefined ? form.get('client_id') : basic;
        const expected = pool.clientSecret === undefined ? pool.clientId : `${pool.clientId}:${pool.clientSecret}`;
        if (shown !== expected) return json(res, 400, { error: 'invalid_client' });
        const kept = codes.get(form.get('code') ?? '');
        // A code is good once, also when the try failed.
        codes.delete(form.get('code') ?? '');
        const challenge = createHash('sha256')
          .update(form.get('code_verifier') ?? '')
          .digest('base64url');
        if (
          form.get('grant_type') !== 'authorization_code' ||
          !kept ||
          form.get('redirect_uri') !== kept.query.get('redirect_uri') ||
          challenge !== kept.query.get('code_challenge')
        )
          return json(res, 400, { error: 'invalid_grant' });
        const { query, user } = kept;
        const tokens = await pool.begin(user, query.get('scope') ?? '', query.get('nonce') ?? undefined);
        const answer: TokenAnswer = {
          id_token: tokens.id,
          access_token: tokens.access,
          refresh_token: tokens.refresh,
          expires_in: 3_600,
          token_type: 'Bearer',
        };
        return json(res, 200, await tamper(answer));
      },
    },
  };
}
