import { type Migration } from '@kinora/database';

export const apiKeys: Migration = {
  name: '0002-api-keys',
  up: (trx) =>
    trx.schema.createTable('api_keys', (t) => {
      t.text('id').primary();
      t.text('owner_id').notNullable().references('id').inTable('users').onDelete('cascade');
      t.text('name').notNullable();
      t.specificType('scopes', 'text[]').notNullable();
      t.text('prefix').notNullable();
      t.text('hash').notNullable().unique();
      t.timestamp('created_at').notNullable().defaultTo(trx.fn.now());
      t.timestamp('last_used_at');
      t.timestamp('expires_at');
      t.timestamp('revoked_at');
      t.index(['owner_id', 'created_at']);
    }),
  down: (trx) => trx.schema.dropTable('api_keys'),
};
