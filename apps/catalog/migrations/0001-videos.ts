import { type Migration } from '@kinora/database';

export const videosMigration: Migration = {
  name: '0001-videos',
  up: (trx) =>
    trx.schema
      .createTable('channels', (t) => {
        t.text('id').primary();
        t.text('owner_id').notNullable().index();
        t.text('handle').notNullable();
        t.text('name').notNullable();
        t.text('description').notNullable();
        t.timestamp('created_at').notNullable();
        t.unique('handle', { indexName: 'channels_handle' });
      })
      .createTable('videos', (t) => {
        t.text('id').primary();
        t.text('owner_id').notNullable();
        t.text('title').notNullable();
        t.text('description').notNullable();
        t.specificType('tags', 'text[]').notNullable();
        t.text('visibility').notNullable();
        t.text('status').notNullable();
        t.text('channel_id').references('channels.id').onDelete('set null').index();
        t.text('upload_id');
        t.text('upload_state');
        t.text('encoding_id');
        t.text('encoding_reached');
        t.double('progress').notNullable();
        t.text('failure_code');
        t.text('failure_message');
        t.jsonb('facts');
        t.timestamp('playable_at');
        t.timestamp('ready_at');
        t.timestamp('grants_revoked_until');
        t.timestamp('created_at').notNullable();
        t.timestamp('updated_at').notNullable();
        t.integer('version').notNullable();
        t.integer('revision').notNullable();
      })
      .raw('create index videos_owner on videos (owner_id, id desc)')
      .raw(
        "create index videos_listed on videos (id desc) where visibility = 'public' and status in ('playable', 'ready')",
      )
      .raw('create index videos_tags on videos using gin (tags)'),
  down: (trx) => trx.schema.dropTable('videos').dropTable('channels'),
};
