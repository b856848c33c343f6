import { deliverWebhook } from '@kinora/contracts-catalog';
import { type JobHandler, handle } from '@kinora/jobs';
import { type DeliverDeps, deliver } from '../domain/webhooks/deliver';

export const onDeliverWebhook = (deps: DeliverDeps): JobHandler =>
  handle(deliverWebhook, async (data, { signal }) => {
    await deliver(deps, data, signal);
    return undefined;
  });
