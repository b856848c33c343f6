import { analyticsContract } from '@kinora/contracts-analytics';
import { type Authenticator, mount } from '@kinora/service';
import { Router } from 'express';
import { type Ingest } from '../domain/ingest';
import { type SessionTokens } from '../domain/ports';

export interface BeaconRoutes {
  readonly authenticator: Authenticator;
  readonly sessionTokens: SessionTokens;
  readonly ingest: Ingest;
}

/** Beacons come from whatever page embeds the player; the token in the body is all the authority there is, so any origin may post. */
export function beaconRoutes({ authenticator, sessionTokens, ingest }: BeaconRoutes): Router {
  const router = Router();
  const { path } = analyticsContract.postBeacons;
  router.use(path, (_req, res, next) => {
    res.set('access-control-allow-origin', '*').set('cache-control', 'no-store');
    next();
  });
  router.options(path, (_req, res) => {
    res
      .set('access-control-allow-methods', 'POST')
      .set('access-control-allow-headers', 'content-type')
      .set('access-control-max-age', '86400')
      .status(204)
      .end();
  });
  mount(router, analyticsContract.postBeacons, { authenticator }, async ({ body }) => {
    const claims = await sessionTokens.verify(body.sessionToken);
    return ingest(claims, body.beacons);
  });
  return router;
}
