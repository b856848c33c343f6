import { videoDeleted, webhookDue } from '@kinora/contracts-catalog';
import { newId } from '@kinora/contracts-common';
import { type Database, type Knex, type Outbox } from '@kinora/database';
import { type Announcement, type CatalogUnit, type Transact } from '../../domain/ports/catalog-unit';
import { newDelivery, payloadOf } from '../../domain/webhooks/webhooks';
import { revokeVideo } from './grant-store';
import { type RevocationFeed } from './revocation-feed';
import { type SearchFeed } from './search-feed';
import { createVideoStore } from './video-store';
import { type WebhookRow, deliveryValues } from './webhook-rows';

export interface UnitParts {
  readonly outbox: Outbox;
  readonly feed: SearchFeed;
  readonly revocations: RevocationFeed;
  readonly clock: () => Date;
}

/** One delivery for each of the owner's webhooks that wants the event; all carry the same message id. */
async function announce(
  trx: Knex.Transaction,
  { outbox, clock }: UnitParts,
  { event, ownerId, videoId, data }: Announcement,
): Promise<void> {
  const hooks = await trx<WebhookRow>('webhooks')
    .select('id')
    .where({ owner_id: ownerId, active: true })
    .whereRaw('(cardinality(events) = 0 or ? = any(events))', [event]);
  const messageId = newId('evt');
  const now = clock();
  for (const { id } of hooks) {
    const payload = payloadOf(event, now, { videoId, ...data });
    const delivery = newDelivery({ webhookId: id, messageId, event, videoId, payload }, now);
    await trx('webhook_deliveries').insert(deliveryValues(delivery));
    await outbox.publish(trx, webhookDue, { deliveryId: delivery.id, attempt: 1, notBefore: now.toISOString() });
  }
}

const unitOf = (trx: Knex.Transaction, parts: UnitParts): CatalogUnit => ({
  videos: createVideoStore(trx, parts.feed),
  publishDeleted: async ({ id, ownerId }) =>
    void (await parts.outbox.publish(trx, videoDeleted, { videoId: id, ownerId })),
  announce: (announcement) => announce(trx, parts, announcement),
  revokeAllGrants: (videoId) => revokeVideo(trx, videoId, parts.clock(), parts.revocations),
  async firstTime(eventId) {
    const added = await trx('inbox')
      .insert({ event_id: eventId })
      .onConflict('event_id')
      .ignore()
      .returning('event_id');
    return added.length > 0;
  },
});

export const createTransact =
  (db: Database, parts: UnitParts): Transact =>
  (work) =>
    db.transaction((trx) => work(unitOf(trx, parts)));
