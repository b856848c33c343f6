import { webhooksContract } from '@kinora/contracts-catalog';
import { type Mounting, mount } from '@kinora/service';
import { Router } from 'express';
import {
  type WebhookDeps,
  createWebhook,
  deleteWebhook,
  listDeliveries,
  listWebhooks,
  replayDelivery,
  testWebhook,
} from '../domain/webhooks/webhooks';

/** @param sealed remembers the answer to a creation, which holds the secret, sealed */
export function webhookRoutes(mounting: Mounting, sealed: Mounting, deps: WebhookDeps): Router {
  const router = Router();
  mount(router, webhooksContract.createWebhook, sealed, ({ caller, body }) => createWebhook(deps, caller, body));
  mount(router, webhooksContract.listWebhooks, mounting, ({ caller }) => listWebhooks(deps, caller));
  mount(router, webhooksContract.deleteWebhook, mounting, async ({ caller, params }) => {
    await deleteWebhook(deps, caller, params.webhookId);
    return undefined;
  });
  mount(router, webhooksContract.testWebhook, mounting, ({ caller, params }) =>
    testWebhook(deps, caller, params.webhookId),
  );
  mount(router, webhooksContract.listDeliveries, mounting, ({ caller, params, query }) =>
    listDeliveries(deps, caller, params.webhookId, query),
  );
  mount(router, webhooksContract.replayDelivery, mounting, ({ caller, params }) =>
    replayDelivery(deps, caller, params.webhookId, params.deliveryId),
  );
  return router;
}
