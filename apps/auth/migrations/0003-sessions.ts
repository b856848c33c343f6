import { type Migration } from '@kinora/database';

/** Who was signed out or shut out. Old rows keep working: without a user name of its own, a person's id is it. */
export const sessions: Migration = {
  name: '0003-sessions',
  up: async (trx) => {
    await trx.schema.alterTable('users', (t) => {
      t.text('username');
      t.boolean('active').notNullable().defaultTo(true);
    });
    await trx.schema.createTable('ended_sessions', (t) => {
      t.text('user_id').primary();
      // Taken anew at every change, so that a reader can ask for what came after its last answer.
      t.bigIncrements('seq', { primaryKey: false });
      t.timestamp('sessions_until');
      t.timestamp('tokens_until');
      t.timestamp('changed_at').notNullable();
      t.index(['seq']);
    });
  },
  down: async (trx) => {
    await trx.schema.dropTable('ended_sessions');
    await trx.schema.alterTable('users', (t) => t.dropColumns('username', 'active'));
  },
};
