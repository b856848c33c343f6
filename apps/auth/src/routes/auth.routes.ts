import { authContract } from '@kinora/contracts-auth';
import { DomainError } from '@kinora/contracts-common';
import { type Mounting, mount } from '@kinora/service';
import { Router } from 'express';
import { type People } from '../domain/people';
import { type Sessions } from '../domain/sessions';
import { bearerOf } from './bearer';
import { type Limit } from './limit';
import { type RefreshCookie } from './refresh-cookie';
import { type Replies, noStore, toBody } from './replies';

export interface AuthRouteParts {
  readonly people: People;
  readonly sessions: Sessions;
  readonly replies: Replies;
  readonly cookie: RefreshCookie;
  readonly limit: Limit;
  readonly mounting: Mounting;
}

/** Accounts and sessions of people. */
export function authRoutes({ people, sessions, replies, cookie, limit, mounting }: AuthRouteParts): Router {
  const router = Router();
  router.use(noStore);
  router.post(authContract.signUp.path, limit('sign-up'));
  router.post(authContract.resendCode.path, limit('resend'));
  router.post(authContract.forgotPassword.path, limit('forgot'));
  // Whoever knows the password or the code is not an attacker.
  router.post(authContract.signIn.path, limit('sign-in', { failuresOnly: true }));
  router.post([authContract.confirm.path, authContract.resetPassword.path], limit('code', { failuresOnly: true }));
  router.post(authContract.chooseFirstPassword.path, limit('first-password', { failuresOnly: true }));

  mount(router, authContract.signUp, mounting, ({ body: { displayName, ...body } }) =>
    people.signUp({ ...body, ...(displayName !== undefined && { displayName }) }),
  );
  mount(router, authContract.confirm, mounting, ({ body }) =>
    people.confirm(body.email, body.code).then(() => undefined),
  );
  mount(router, authContract.resendCode, mounting, ({ body }) => people.resendCode(body.email).then(() => undefined));
  mount(router, authContract.forgotPassword, mounting, ({ body }) =>
    people.forgotPassword(body.email).then(() => undefined),
  );
  mount(router, authContract.resetPassword, mounting, ({ body }) =>
    people.resetPassword(body.email, body.code, body.password).then(() => undefined),
  );

  mount(router, authContract.signIn, mounting, async ({ body }, { res }) =>
    replies.signedIn(res, people.signIn(body.email, body.password)),
  );
  mount(router, authContract.chooseFirstPassword, mounting, async ({ body }, { res }) =>
    replies.signedIn(res, people.chooseFirstPassword(body.session, body.password)),
  );
  mount(router, authContract.refresh, mounting, async ({ body }, { req, res }) => {
    const fromCookie = cookie.read(req);
    const given = body.refreshToken ?? fromCookie;
    if (given === undefined) throw new DomainError('unauthenticated', 'auth.refresh_refused', 'Sign in again.');
    try {
      const tokens = await people.refresh(given);
      if (body.refreshToken !== undefined) return toBody(tokens);
      cookie.set(res, tokens.refreshToken);
      // What lives in the cookie is not shown to scripts.
      return toBody({ ...tokens, refreshToken: '' });
    } catch (error) {
      if (body.refreshToken === undefined && error instanceof DomainError && error.code === 'auth.refresh_refused')
        cookie.clear(res);
      throw error;
    }
  });
  mount(router, authContract.signOut, mounting, async ({ body }, { req, res }) => {
    const fromCookie = cookie.read(req);
    if (fromCookie !== undefined) cookie.clear(res);
    for (const token of new Set([body.refreshToken, fromCookie])) if (token !== undefined) await people.signOut(token);
    return undefined;
  });
  mount(router, authContract.signOutEverywhere, mounting, async ({ caller }, { req, res }) => {
    await sessions.signOutEverywhere(caller, bearerOf(req));
    cookie.clear(res);
    return undefined;
  });
  mount(router, authContract.setActive, mounting, ({ caller, params, body }) =>
    sessions.setActive(caller, params.userId, body.active).then(() => undefined),
  );
  return router;
}
