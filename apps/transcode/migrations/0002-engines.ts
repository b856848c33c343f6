import { type Migration } from '@kinora/database';

/** Who encodes, why, and the service's id of the job. Rows of before have none of it: our own workers encoded them. */
export const engines: Migration = {
  name: '0002-engines',
  up: (trx) =>
    trx.schema
      .alterTable('encodings', (t) => {
        t.text('engine');
        t.text('engine_reason');
        t.text('engine_job_id');
      })
      .raw("create index encodings_bought on encodings (started_at) where engine = 'mediaconvert'"),
  down: (trx) =>
    trx.schema.raw('drop index encodings_bought').alterTable('encodings', (t) => {
      t.dropColumns('engine', 'engine_reason', 'engine_job_id');
    }),
};
