import { type Migration } from '@kinora/database';

export const webhooksMigration: Migration = {
  name: '0004-webhooks',
  up: (trx) =>
    trx.schema
      .createTable('webhooks', (t) => {
        t.text('id').primary();
        t.text('owner_id').notNullable().index();
        t.text('url').notNullable();
        t.text('sealed_secret').notNullable();
        t.specificType('events', 'text[]').notNullable();
        t.boolean('active').notNullable();
        t.text('disabled_reason');
        t.timestamp('created_at').notNullable();
      })
      .createTable('webhook_deliveries', (t) => {
        t.text('id').primary();
        t.text('webhook_id').notNullable().references('webhooks.id').onDelete('cascade');
        t.text('message_id').notNullable();
        t.text('event').notNullable();
        t.text('video_id').index();
        t.jsonb('payload').notNullable();
        t.text('state').notNullable();
        t.integer('attempts').notNullable();
        t.integer('last_status');
        t.text('last_error');
        t.timestamp('next_attempt_at');
        t.timestamp('created_at').notNullable().index();
      })
      .raw('create index webhook_deliveries_log on webhook_deliveries (webhook_id, id desc)'),
  down: (trx) => trx.schema.dropTable('webhook_deliveries').dropTable('webhooks'),
};
