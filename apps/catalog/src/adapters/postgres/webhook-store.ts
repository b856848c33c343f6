import { webhookDue } from '@kinora/contracts-catalog';
import { type Database, type Knex, type Outbox } from '@kinora/database';
import { type SecretBox } from '@kinora/service';
import { type AttemptResult, type WebhookStore } from '../../domain/ports/webhook-store';
import {
  type DeliveryRow,
  type WebhookRow,
  deliveryColumns,
  deliveryOf,
  deliveryValues,
  webhookColumns,
  webhookOf,
} from './webhook-rows';

/** A try as it is written down; null when there is nothing (any more) to write it to. */
async function record(
  trx: Knex.Transaction,
  deliveryId: string,
  attempt: number,
  { status, error, next }: AttemptResult,
): Promise<{ webhook_id: string } | undefined> {
  const [row] = await trx<DeliveryRow>('webhook_deliveries')
    .where({ id: deliveryId, state: 'pending', attempts: attempt - 1 })
    .update({
      state: next.state,
      attempts: attempt,
      last_status: status,
      last_error: error,
      next_attempt_at: next.state === 'pending' ? next.at : null,
    })
    .returning('webhook_id');
  return row;
}

export function createWebhookStore(db: Database, outbox: Outbox, box: SecretBox): WebhookStore {
  const { writer } = db;
  return {
    async insert({ id, ownerId, url, events, active, disabledReason, createdAt }, secret) {
      await writer('webhooks').insert({
        id,
        owner_id: ownerId,
        url,
        sealed_secret: box.seal(secret, id),
        events: [...events],
        active,
        disabled_reason: disabledReason,
        created_at: createdAt,
      });
    },
    async count(ownerId) {
      const row = await writer('webhooks').where({ owner_id: ownerId }).count({ count: '*' }).first();
      return Number(row?.['count'] ?? 0);
    },
    async list(ownerId) {
      const rows = await writer<WebhookRow>('webhooks')
        .select(...webhookColumns)
        .where({ owner_id: ownerId })
        .orderBy('id', 'desc');
      return rows.map(webhookOf);
    },
    async find(ownerId, id) {
      const row = await writer<WebhookRow>('webhooks')
        .select(...webhookColumns)
        .where({ id, owner_id: ownerId })
        .first();
      return row && webhookOf(row);
    },
    remove: async (ownerId, id) => (await writer('webhooks').where({ id, owner_id: ownerId }).delete()) > 0,

    async listDeliveries(webhookId, { before, limit }) {
      const query = writer<DeliveryRow>('webhook_deliveries')
        .select(...deliveryColumns)
        .where({ webhook_id: webhookId })
        .orderBy('id', 'desc')
        .limit(limit);
      if (before !== undefined) void query.where('id', '<', before);
      return (await query).map(deliveryOf);
    },
    async findDelivery(webhookId, id) {
      const row = await writer<DeliveryRow>('webhook_deliveries')
        .select(...deliveryColumns)
        .where({ id, webhook_id: webhookId })
        .first();
      return row && deliveryOf(row);
    },
    addDelivery: (delivery) =>
      db.transaction(async (trx) => {
        await trx('webhook_deliveries').insert(deliveryValues(delivery));
        await outbox.publish(trx, webhookDue, {
          deliveryId: delivery.id,
          attempt: 1,
          notBefore: delivery.createdAt.toISOString(),
        });
      }),
    async due(deliveryId) {
      const row = await writer<DeliveryRow>('webhook_deliveries')
        .select(...deliveryColumns)
        .where({ id: deliveryId })
        .first();
      const hook =
        row &&
        (await writer<WebhookRow & { sealed_secret: string }>('webhooks')
          .select(...webhookColumns, 'sealed_secret')
          .where({ id: row.webhook_id })
          .first());
      if (!hook) return undefined;
      return { delivery: deliveryOf(row), webhook: webhookOf(hook), secret: box.open(hook.sealed_secret, hook.id) };
    },
    record: (deliveryId, attempt, result) =>
      db.transaction(async (trx) => {
        const row = await record(trx, deliveryId, attempt, result);
        if (!row) return;
        if (result.next.state === 'pending')
          await outbox.publish(trx, webhookDue, {
            deliveryId,
            attempt: attempt + 1,
            notBefore: result.next.at.toISOString(),
          });
        if (result.next.state === 'failed' && result.next.disable !== undefined)
          await trx('webhooks')
            .where({ id: row.webhook_id })
            .update({ active: false, disabled_reason: result.next.disable });
      }),
  };
}
