import { type deliverWebhook, webhookDue } from '@kinora/contracts-catalog';
import { type EventHandler, type Producer, on } from '@kinora/jobs';

/** Puts a try of a delivery on the queue for when it is due. The same try has the same identity, so a repetition adds nothing. */
export const onWebhookDue = (producer: Producer<(typeof deliverWebhook)['data']>, clock: () => Date): EventHandler =>
  on(webhookDue, ({ deliveryId, attempt, notBefore }) => {
    const delayMs = Math.max(0, Date.parse(notBefore) - clock().getTime());
    return producer.enqueue({ deliveryId, attempt }, { delayMs });
  });
