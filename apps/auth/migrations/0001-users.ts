import { type Migration } from '@kinora/database';

export const users: Migration = {
  name: '0001-users',
  up: (trx) =>
    trx.schema.createTable('users', (t) => {
      t.text('id').primary();
      t.text('email').notNullable();
      t.text('display_name').notNullable();
      t.specificType('roles', 'text[]').notNullable();
      t.boolean('role_pending').notNullable();
      t.timestamp('roles_checked_at').notNullable().defaultTo(trx.fn.now());
      t.timestamp('created_at').notNullable().defaultTo(trx.fn.now());
    }),
  down: (trx) => trx.schema.dropTable('users'),
};
