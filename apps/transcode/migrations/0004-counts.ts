import { type Migration } from '@kinora/database';

/**
 * The encoded seconds of an attempt, counted on the encoding's row: whoever has locked it knows them all. What a job had told
 * before its last report is what that one adds to.
 */
export const counts: Migration = {
  name: '0004-counts',
  up: (trx) =>
    trx.schema
      .alterTable('encodings', (t) => {
        t.integer('counted_fence');
        t.double('counted_seconds');
      })
      .alterTable('job_progress', (t) => {
        t.double('seconds_before').notNullable().defaultTo(0);
      })
      .raw(
        `update encodings set counted_fence = fence, counted_seconds = (
           select coalesce(sum(encoded_seconds), 0) from job_progress where encoding_id = id and job_progress.fence = encodings.fence
         ) where rate_since is not null and state in ('encoding', 'playable')`,
      ),
  down: (trx) =>
    trx.schema
      .alterTable('job_progress', (t) => {
        t.dropColumn('seconds_before');
      })
      .alterTable('encodings', (t) => {
        t.dropColumns('counted_fence', 'counted_seconds');
      }),
};
