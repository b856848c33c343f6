import { type EventSpec, newId } from '@kinora/contracts-common';
import { currentContext, traced } from '@kinora/service';
import { type Knex } from 'knex';
import { type z } from 'zod';
import { type Migration } from './migrations';

/** An event as it travels: what happened, when, and the request it belongs to. */
export interface EventEnvelope {
  readonly id: string;
  readonly name: string;
  readonly occurredAt: string;
  readonly data: unknown;
  readonly context: { readonly requestId?: string; readonly videoId?: string; readonly traceparent?: string };
}

interface OutboxRow {
  id: string;
  name: string;
  data: unknown;
  context: EventEnvelope['context'];
  subscribers: string[];
  occurred_at: Date;
}

/** Events of this service wait here until they are in their subscribers' queues, and stay a week so that an emptied Redis can be refilled. */
export const outboxMigration: Migration = {
  name: '0000-outbox',
  up: (trx) =>
    trx.schema
      .createTable('outbox', (t) => {
        t.text('id').primary();
        t.text('name').notNullable();
        t.jsonb('data').notNullable();
        t.jsonb('context').notNullable();
        t.specificType('subscribers', 'text[]').notNullable();
        t.timestamp('occurred_at').notNullable().defaultTo(trx.fn.now());
        t.timestamp('published_at');
      })
      .raw('create index outbox_unpublished on outbox (id) where published_at is null')
      .raw('create index outbox_age on outbox (occurred_at)')
      .createTable('inbox', (t) => {
        t.text('event_id').primary();
        t.timestamp('processed_at').notNullable().defaultTo(trx.fn.now());
      }),
  down: (trx) => trx.schema.dropTable('inbox').dropTable('outbox'),
};

/** The channel on which a schema's relay is woken. */
export const outboxChannel = (schema: string): string => `outbox_${schema}`;

export interface Outbox {
  /** Records an event in the transaction that makes it true; the relay is woken at commit. Returns the event's id. */
  publish<D extends z.ZodType>(trx: Knex.Transaction, event: EventSpec<D>, data: z.input<D>): Promise<string>;
}

export const createOutbox = (schema: string): Outbox => ({
  async publish(trx, event, data) {
    const id = newId('evt');
    const parsed = event.data.parse(data);
    await traced(`publish ${event.name}`, { kind: 'producer', attributes: { event: id } }, async () => {
      await trx('outbox').insert({
        id,
        name: event.name,
        data: JSON.stringify(parsed),
        context: JSON.stringify(currentContext() ?? {}),
        subscribers: [...event.subscribers],
      });
      await trx.raw('select pg_notify(?, ?)', [outboxChannel(schema), '']);
    });
    return id;
  },
});

/** Takes up to `limit` events for publishing; rows are locked, so that relays of several replicas share the work. */
export async function takeUnpublished(
  trx: Knex.Transaction,
  limit: number,
): Promise<(EventEnvelope & { subscribers: string[] })[]> {
  const rows = await trx<OutboxRow>('outbox')
    .select('id', 'name', 'data', 'context', 'subscribers', 'occurred_at')
    .whereNull('published_at')
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    data: row.data,
    context: row.context,
    subscribers: row.subscribers,
    occurredAt: row.occurred_at.toISOString(),
  }));
}

export const markPublished = (trx: Knex.Transaction, ids: readonly string[]): Promise<number> =>
  trx('outbox').whereIn('id', ids).update({ published_at: trx.fn.now() });

/** How many events wait to be published, and for how long the oldest has. */
export async function unpublished(db: Knex): Promise<{ count: number; oldestSeconds: number }> {
  const [row] = await db<OutboxRow>('outbox')
    .whereNull('published_at')
    .select<{ count: string; oldest: string | null }[]>(
      db.raw('count(*) as count'),
      db.raw('extract(epoch from now() - min(occurred_at)) as oldest'),
    );
  return { count: Number(row?.count ?? 0), oldestSeconds: Math.max(0, Number(row?.oldest ?? 0)) };
}

/** After Redis was emptied: everything of the last week goes out once more; consumers know what they have seen. */
export const unpublishRecent = (db: Knex): Promise<number> =>
  db('outbox')
    .whereNotNull('published_at')
    .whereRaw("occurred_at > now() - interval '7 days'")
    .update({ published_at: null });

/** Forgets what is older than a week (outbox) or two (inbox). */
export async function pruneEvents(db: Knex): Promise<void> {
  await db('outbox').whereNotNull('published_at').whereRaw("occurred_at < now() - interval '7 days'").delete();
  await db('inbox').whereRaw("processed_at < now() - interval '14 days'").delete();
}

/** Runs the work unless the event was processed before; both in the same transaction, so that it happens once. */
export async function once(
  db: { transaction<T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> },
  eventId: string,
  work: (trx: Knex.Transaction) => Promise<unknown>,
): Promise<boolean> {
  return db.transaction(async (trx) => {
    const inserted = await trx('inbox')
      .insert({ event_id: eventId })
      .onConflict('event_id')
      .ignore()
      .returning('event_id');
    if (inserted.length === 0) return false;
    await work(trx);
    return true;
  });
}
