import { type Migration } from '@kinora/database';

/** How fast an encoding goes (from when, and from how many encoded seconds, it is measured), and when it should end at that rate. */
export const estimates: Migration = {
  name: '0003-estimates',
  up: (trx) =>
    trx.schema.alterTable('encodings', (t) => {
      t.timestamp('rate_since');
      t.double('rate_from');
      t.timestamp('estimated_end');
    }),
  down: (trx) =>
    trx.schema.alterTable('encodings', (t) => {
      t.dropColumns('rate_since', 'rate_from', 'estimated_end');
    }),
};
