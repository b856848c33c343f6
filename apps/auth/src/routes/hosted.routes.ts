import { HOSTED, authContract } from '@kinora/contracts-auth';
import { DomainError, notFound } from '@kinora/contracts-common';
import { type Mounting, mount } from '@kinora/service';
import { type Response, Router } from 'express';
import { type HostedSignIn, type Journey } from '../domain/hosted-sign-in';
import { type Sealed } from '../domain/sealed';
import { cookieOf } from './cookies';
import { type Limit } from './limit';
import { type RefreshCookie } from './refresh-cookie';
import { noStore } from './replies';

export interface HostedRouteParts {
  /** Undefined: the pool has no pages of its own. */
  readonly hosted: HostedSignIn | undefined;
  readonly journeys: Sealed<Journey>;
  readonly publicUrl: string;
  readonly cookie: RefreshCookie;
  readonly limit: Limit;
  readonly mounting: Mounting;
}

const NAME = 'kinora_journey';

/** Pages of the web application that this ends at. */
const back = (publicUrl: string, path: string, query: Record<string, string>): string =>
  `${publicUrl}${path}?${new URLSearchParams(query).toString()}`;

/** Signing in by the pool's own pages. A browser comes here by links, so that what goes wrong is told on a page, not in a document. */
export function hostedRoutes({ hosted, journeys, publicUrl, cookie, limit, mounting }: HostedRouteParts): Router {
  const router = Router();
  const options = {
    httpOnly: true,
    // Not `strict`: the way back starts at the pool's domain.
    sameSite: 'lax',
    path: HOSTED.callback,
    secure: publicUrl.startsWith('https:'),
  } as const;
  const refuse = (res: Response, error: unknown): void => {
    if (!(error instanceof DomainError)) throw error;
    res.redirect(303, back(publicUrl, '/sign-in', { problem: error.code }));
  };

  mount(router, authContract.signInOptions, mounting, async () => ({ sso: hosted !== undefined }));
  router.get(Object.values(HOSTED), noStore, limit('hosted'));
  if (!hosted) {
    router.get(Object.values(HOSTED), () => {
      throw notFound('auth.sso_unavailable', 'Signing in by another provider is not set up here.');
    });
    return router;
  }
  router.get(HOSTED.start, (req, res) => {
    const { next } = req.query;
    const { address, journey } = hosted.leave(typeof next === 'string' ? next : undefined);
    res.cookie(NAME, journeys.seal(journey), { ...options, maxAge: journeys.lifeSeconds * 1_000 });
    res.redirect(303, address);
  });
  router.get(HOSTED.callback, async (req, res) => {
    const kept = cookieOf(req, NAME);
    const journey = kept === undefined ? undefined : journeys.open(kept);
    res.clearCookie(NAME, options);
    const text = (name: string) => (typeof req.query[name] === 'string' ? req.query[name] : undefined);
    try {
      const tokens = await hosted.comeBack({ code: text('code'), state: text('state') }, journey);
      cookie.set(res, tokens.refreshToken);
      res.redirect(303, back(publicUrl, '/signed-in', { next: journey?.next ?? '/' }));
    } catch (error) {
      refuse(res, error);
    }
  });
  return router;
}
