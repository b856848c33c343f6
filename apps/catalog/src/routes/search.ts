import { searchContract } from '@kinora/contracts-catalog';
import { type Mounting, mount } from '@kinora/service';
import { Router } from 'express';
import { type SearchDeps, search, suggest } from '../domain/search/search';

export function searchRoutes(mounting: Mounting, deps: SearchDeps): Router {
  const router = Router();
  mount(router, searchContract.search, mounting, ({ caller, query }) => search(deps, caller, query));
  mount(router, searchContract.suggest, mounting, async ({ caller, query }) => ({
    items: await suggest(deps, caller, query.q, query.limit),
  }));
  return router;
}
