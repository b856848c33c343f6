import { type WebhookSender } from '../ports/webhook-sender';
import { type WebhookStore } from '../ports/webhook-store';
import { type RetryPolicy, judge } from './retries';

export interface DeliverDeps {
  readonly webhooks: Pick<WebhookStore, 'due' | 'record'>;
  readonly sender: Pick<WebhookSender, 'send'>;
  readonly retries: RetryPolicy;
  readonly clock: () => Date;
}

/** One try of a delivery. A try that is recorded already, or whose webhook is gone, is passed over. */
export async function deliver(
  { webhooks, sender, retries, clock }: DeliverDeps,
  { deliveryId, attempt }: { deliveryId: string; attempt: number },
  signal?: AbortSignal,
): Promise<void> {
  const due = await webhooks.due(deliveryId);
  if (due?.delivery.state !== 'pending' || due.delivery.attempts !== attempt - 1) return;
  const { delivery, webhook, secret } = due;
  if (!webhook.active)
    return webhooks.record(deliveryId, attempt, {
      status: null,
      error: 'The webhook is disabled.',
      next: { state: 'failed' },
    });
  const message = {
    url: webhook.url,
    secret,
    messageId: delivery.messageId,
    body: JSON.stringify(delivery.payload),
  };
  const answer = await sender.send(message, signal);
  // We are stopping: no fault of the receiver, so it does not count.
  if (answer.status === null) signal?.throwIfAborted();
  await webhooks.record(deliveryId, attempt, judge(answer, attempt, clock(), retries));
}
