import { type EndedSessions, authInternalContract } from '@kinora/contracts-auth';
import { type Mounting, mount } from '@kinora/service';
import { Router } from 'express';
import { type ApiKeys } from '../domain/api-keys';
import { type Ending, type Sessions } from '../domain/sessions';
import { type ServiceCredentials, type ServiceTokenSigner } from '../domain/service-credentials';

export interface InternalRouteParts {
  readonly apiKeys: ApiKeys;
  readonly sessions: Sessions;
  readonly credentials: ServiceCredentials;
  readonly signer: ServiceTokenSigner;
  readonly mounting: Mounting;
}

const toBody = ({ userId, sessionsUntil, tokensUntil }: Ending) => ({
  userId,
  sessionsUntil: sessionsUntil?.toISOString() ?? null,
  tokensUntil: tokensUntil?.toISOString() ?? null,
});

/** The list that services look at, auth among them. */
export const endedSessions =
  (sessions: Sessions) =>
  async (cursor: string | undefined): Promise<EndedSessions> => {
    const page = await sessions.list(cursor);
    return { cursor: page.cursor, people: page.people.map(toBody) };
  };

/** What the other services ask; never reachable through the gateway. */
export function internalRoutes({ apiKeys, sessions, credentials, signer, mounting }: InternalRouteParts): Router {
  const router = Router();
  mount(router, authInternalContract.issueServiceToken, mounting, ({ body }) =>
    credentials.issue(body.service, body.secret),
  );
  mount(router, authInternalContract.serviceKeys, mounting, async (_input, { res }) => {
    res.setHeader('cache-control', 'public, max-age=300');
    return signer.publicKeys;
  });
  mount(router, authInternalContract.verifyApiKey, mounting, ({ body }) => apiKeys.verify(body.secret));
  mount(router, authInternalContract.listEndedSessions, mounting, ({ query }) => endedSessions(sessions)(query.cursor));
  return router;
}
