import { apiKeysContract } from '@kinora/contracts-auth';
import { type Mounting, mount } from '@kinora/service';
import { Router } from 'express';
import { type ApiKeys, type StoredKey } from '../domain/api-keys';
import { type People } from '../domain/people';

const toBody = (key: StoredKey) => ({
  id: key.id,
  name: key.name,
  scopes: [...key.scopes],
  prefix: key.prefix,
  createdAt: key.createdAt.toISOString(),
  lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  expiresAt: key.expiresAt?.toISOString() ?? null,
});

export interface ApiKeyRoutesParts {
  readonly apiKeys: ApiKeys;
  readonly people: People;
  readonly mounting: Mounting;
}

/** Keys for programs. */
export function apiKeyRoutes({ apiKeys, people, mounting }: ApiKeyRoutesParts): Router {
  const router = Router();
  mount(router, apiKeysContract.createApiKey, mounting, async ({ caller, body }, { res }) => {
    res.setHeader('cache-control', 'no-store');
    // A key belongs to a record, which an account from outside of Kinora may not have yet.
    await people.profile(caller);
    const { key, secret } = await apiKeys.create(caller, body);
    return { ...toBody(key), secret };
  });
  mount(router, apiKeysContract.listApiKeys, mounting, async ({ caller }) => ({
    items: (await apiKeys.list(caller)).map(toBody),
  }));
  mount(router, apiKeysContract.deleteApiKey, mounting, ({ caller, params }) =>
    apiKeys.revoke(caller, params.keyId).then(() => undefined),
  );
  return router;
}
