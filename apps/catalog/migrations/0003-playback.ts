import { type Migration } from '@kinora/database';

export const playbackMigration: Migration = {
  name: '0003-playback',
  up: (trx) =>
    trx.schema
      .createTable('grants', (t) => {
        t.text('id').primary();
        t.text('video_id').notNullable().references('videos.id').onDelete('cascade').index();
        t.text('session_id').notNullable();
        t.text('user_id');
        t.timestamp('expires_at').notNullable().index();
        t.timestamp('revoked_at');
      })
      // Outlives the video: edge must hear that the grants of a deleted one are void.
      .createTable('revocations', (t) => {
        t.specificType('seq', 'bigint generated always as identity').primary();
        t.text('video_id').notNullable();
        t.text('grant_id').comment('Null: all grants of the video that were issued until issued_until');
        t.timestamp('issued_until');
        t.timestamp('expires_at').notNullable().index();
      }),
  down: (trx) => trx.schema.dropTable('revocations').dropTable('grants'),
};
