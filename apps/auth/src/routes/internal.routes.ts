import { authInternalContract } from '@kinora/contracts-auth';
import { type Mounting, mount } from '@kinora/service';
import { Router } from 'express';
import { type ApiKeys } from '../domain/api-keys';
import { type ServiceCredentials, type ServiceTokenSigner } from '../domain/service-credentials';

export interface InternalRouteParts {
  readonly apiKeys: ApiKeys;
  readonly credentials: ServiceCredentials;
  readonly signer: ServiceTokenSigner;
  readonly mounting: Mounting;
}

/** What the other services ask; never reachable through the gateway. */
export function internalRoutes({ apiKeys, credentials, signer, mounting }: InternalRouteParts): Router {
  const router = Router();
  mount(router, authInternalContract.issueServiceToken, mounting, ({ body }) =>
    credentials.issue(body.service, body.secret),
  );
  mount(router, authInternalContract.serviceKeys, mounting, async (_input, { res }) => {
    res.setHeader('cache-control', 'public, max-age=300');
    return signer.publicKeys;
  });
  mount(router, authInternalContract.verifyApiKey, mounting, ({ body }) => apiKeys.verify(body.secret));
  return router;
}
