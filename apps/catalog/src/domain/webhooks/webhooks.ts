import { type Webhook, type WebhookDelivery, type WebhookEvent } from '@kinora/contracts-catalog';
import { DomainError, type Person, newId, notFound } from '@kinora/contracts-common';
import { randomBytes } from 'node:crypto';
import { idAfter, pageOf } from '../cursor';
import { type DeliveryEntry, type WebhookEntry, type WebhookStore } from '../ports/webhook-store';
import { type WebhookSender } from '../ports/webhook-sender';

export interface WebhookDeps {
  readonly webhooks: WebhookStore;
  readonly sender: WebhookSender;
  readonly clock: () => Date;
}

const MOST_PER_OWNER = 20;

const presentHook = ({ id, url, events, active, disabledReason, createdAt }: WebhookEntry): Webhook => ({
  id,
  url,
  events: [...events],
  active,
  disabledReason,
  createdAt: createdAt.toISOString(),
});

const presentDelivery = ({ nextAttemptAt, createdAt, ...one }: DeliveryEntry): WebhookDelivery => ({
  id: one.id,
  messageId: one.messageId,
  event: one.event,
  state: one.state,
  attempts: one.attempts,
  lastStatus: one.lastStatus,
  lastError: one.lastError,
  nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
  createdAt: createdAt.toISOString(),
  payload: one.payload,
});

/** The body of a message, in the shape that Standard Webhooks recommends: thin, so that the receiver asks the API for what it needs. */
export const payloadOf = (event: WebhookEvent, at: Date, data: Readonly<Record<string, unknown>>) => ({
  type: event,
  timestamp: at.toISOString(),
  data,
});

/** A delivery that nobody has tried yet. */
export const newDelivery = (
  given: Pick<DeliveryEntry, 'webhookId' | 'messageId' | 'event' | 'videoId' | 'payload'>,
  now: Date,
): DeliveryEntry => ({
  ...given,
  id: newId('dlv'),
  state: 'pending',
  attempts: 0,
  lastStatus: null,
  lastError: null,
  nextAttemptAt: now,
  createdAt: now,
});

export async function createWebhook(
  { webhooks, sender, clock }: WebhookDeps,
  caller: Person,
  { url, events }: { url: string; events: readonly WebhookEvent[] },
): Promise<Webhook & { secret: string }> {
  const refusal = sender.refusal(url);
  if (refusal !== undefined) throw new DomainError('invalid', 'webhook.url_refused', refusal);
  if ((await webhooks.count(caller.userId)) >= MOST_PER_OWNER)
    throw new DomainError('conflict', 'webhook.too_many', `There are ${MOST_PER_OWNER} webhooks already.`);
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  const webhook: WebhookEntry = {
    id: newId('whk'),
    ownerId: caller.userId,
    url,
    events: [...new Set(events)],
    active: true,
    disabledReason: null,
    createdAt: clock(),
  };
  await webhooks.insert(webhook, secret);
  return { ...presentHook(webhook), secret };
}

export const listWebhooks = async ({ webhooks }: WebhookDeps, caller: Person): Promise<{ items: Webhook[] }> => ({
  items: (await webhooks.list(caller.userId)).map(presentHook),
});

const noSuchWebhook = () => notFound('webhook.not_found', 'You have no such webhook.');

async function own({ webhooks }: WebhookDeps, caller: Person, id: string): Promise<WebhookEntry> {
  const webhook = await webhooks.find(caller.userId, id);
  if (!webhook) throw noSuchWebhook();
  return webhook;
}

export async function deleteWebhook({ webhooks }: WebhookDeps, caller: Person, id: string): Promise<void> {
  if (!(await webhooks.remove(caller.userId, id))) throw noSuchWebhook();
}

export async function testWebhook(deps: WebhookDeps, caller: Person, id: string): Promise<WebhookDelivery> {
  const webhook = await own(deps, caller, id);
  const now = deps.clock();
  const payload = payloadOf('webhook.test', now, { webhookId: id });
  const delivery = newDelivery(
    { webhookId: webhook.id, messageId: newId('evt'), event: 'webhook.test', videoId: null, payload },
    now,
  );
  await deps.webhooks.addDelivery(delivery);
  return presentDelivery(delivery);
}

export async function listDeliveries(
  deps: WebhookDeps,
  caller: Person,
  id: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<{ items: WebhookDelivery[]; nextCursor: string | null }> {
  await own(deps, caller, id);
  const query = ['deliveries', id];
  const rows = await deps.webhooks.listDeliveries(id, { before: idAfter(query, cursor), limit: limit + 1 });
  const { items, nextCursor } = pageOf(query, rows, limit);
  return { items: items.map(presentDelivery), nextCursor };
}

/** Sends the same message, under the same message id, as a delivery of its own; what became of the first stays in the log. */
export async function replayDelivery(
  deps: WebhookDeps,
  caller: Person,
  id: string,
  deliveryId: string,
): Promise<WebhookDelivery> {
  await own(deps, caller, id);
  const known = await deps.webhooks.findDelivery(id, deliveryId);
  if (!known) throw notFound('delivery.not_found', 'The webhook has no such delivery.');
  const delivery = newDelivery(known, deps.clock());
  await deps.webhooks.addDelivery(delivery);
  return presentDelivery(delivery);
}
