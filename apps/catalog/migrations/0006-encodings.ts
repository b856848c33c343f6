import { type Migration } from '@kinora/database';

/** When the encoding that counts should end, and the other encodings of a video that may still come to count. */
export const encodingsMigration: Migration = {
  name: '0006-encodings',
  up: (trx) =>
    trx.schema.alterTable('videos', (t) => {
      t.timestamp('estimated_end');
      t.jsonb('other_encodings');
    }),
  down: (trx) =>
    trx.schema.alterTable('videos', (t) => {
      t.dropColumns('estimated_end', 'other_encodings');
    }),
};
