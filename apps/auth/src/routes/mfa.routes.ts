import { mfaContract } from '@kinora/contracts-auth';
import { type Mounting, mount } from '@kinora/service';
import { Router } from 'express';
import { type Mfa } from '../domain/mfa';
import { type People } from '../domain/people';
import { bearerOf } from './bearer';
import { type Limit } from './limit';
import { type Replies, noStore } from './replies';

export interface MfaRouteParts {
  readonly mfa: Mfa;
  readonly people: People;
  readonly replies: Replies;
  readonly limit: Limit;
  readonly mounting: Mounting;
}

/** The second step: answering it, and switching it on and off. */
export function mfaRoutes({ mfa, people, replies, limit, mounting }: MfaRouteParts): Router {
  const router = Router();
  router.use('/v1/auth/mfa', noStore);
  const session = (body: unknown) =>
    typeof body === 'object' && body !== null && 'session' in body && typeof body.session === 'string'
      ? people.accountOf(body.session)
      : undefined;
  // A session can be had again and again by whoever knows the password: attempts are counted by account, as those at passwords are.
  router.post(mfaContract.answerMfa.path, limit('mfa', { failuresOnly: true, account: session }));
  router.post([mfaContract.enableMfa.path, mfaContract.disableMfa.path], limit('own-mfa', { failuresOnly: true }));

  mount(router, mfaContract.answerMfa, mounting, async ({ body }, { res }) =>
    replies.signedIn(res, people.answerMfa(body.session, body.code)),
  );
  mount(router, mfaContract.getMfa, mounting, async (_input, { req }) => ({
    enabled: await mfa.isEnabled(bearerOf(req)),
  }));
  mount(router, mfaContract.setUpMfa, mounting, ({ caller }, { req }) => mfa.setUp(caller, bearerOf(req)));
  mount(router, mfaContract.enableMfa, mounting, ({ body }, { req }) =>
    mfa.enable(bearerOf(req), body.code).then(() => undefined),
  );
  mount(router, mfaContract.disableMfa, mounting, ({ caller, body }, { req }) =>
    mfa.disable(caller, bearerOf(req), body.password, body.code).then(() => undefined),
  );
  return router;
}
