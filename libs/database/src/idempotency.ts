import { type IdempotencyStore } from '@kinora/service';
import { type Knex } from 'knex';
import { type Migration } from './migrations';

interface Row {
  id: string;
  body_hash: string;
  reply: unknown;
}

export const idempotencyMigration: Migration = {
  name: '0000-idempotency',
  up: (trx) =>
    trx.schema.createTable('idempotency_keys', (t) => {
      t.text('id').primary();
      t.text('body_hash').notNullable();
      t.jsonb('reply');
      t.timestamp('created_at').notNullable().defaultTo(trx.fn.now());
      t.index('created_at');
    }),
  down: (trx) => trx.schema.dropTable('idempotency_keys'),
};

/** Keys live a day. A claim whose request died without an answer lapses after a minute. */
export const createIdempotencyStore = (db: Knex): IdempotencyStore => ({
  async claim(id, bodyHash) {
    await db('idempotency_keys')
      .where({ id })
      .whereRaw(
        "(created_at < now() - interval '1 day' or (reply is null and created_at < now() - interval '1 minute'))",
      )
      .delete();
    const claimed = await db('idempotency_keys')
      .insert({ id, body_hash: bodyHash })
      .onConflict('id')
      .ignore()
      .returning('id');
    if (claimed.length > 0) return { claimed: true };
    const row = await db<Row>('idempotency_keys').select('id', 'body_hash', 'reply').where({ id }).first();
    return { claimed: false, bodyHash: row?.body_hash ?? bodyHash, reply: row?.reply };
  },
  async keep(id, reply) {
    await db('idempotency_keys')
      .where({ id })
      .update({ reply: JSON.stringify(reply) });
  },
  async release(id) {
    await db('idempotency_keys').where({ id }).delete();
  },
});
