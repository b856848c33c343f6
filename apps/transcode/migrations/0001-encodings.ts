import { type Migration } from '@kinora/database';

/** Encodings, what has landed of them, and what is left to sweep. */
export const encodings: Migration = {
  name: '0001-encodings',
  up: (trx) =>
    trx.schema
      .createTable('encodings', (t) => {
        t.text('id').primary();
        t.text('video_id').notNullable();
        t.text('upload_id').notNullable();
        t.integer('attempt').notNullable();
        t.text('owner_id').notNullable();
        t.text('source_key').notNullable();
        t.text('state').notNullable();
        t.integer('fence').notNullable();
        t.double('progress').notNullable();
        t.timestamp('created_at').notNullable();
        t.jsonb('plan');
        t.integer('width');
        t.integer('height');
        t.bigInteger('duration_ms');
        t.double('planned_seconds');
        t.timestamp('started_at');
        t.timestamp('dispatched_at');
        t.timestamp('playable_at');
        t.timestamp('finished_at');
        t.timestamp('progressed_at');
        t.text('error_code');
        t.text('error_message');
        t.bigInteger('published_ms');
        t.bigInteger('bytes');
        t.boolean('poster');
        t.boolean('storyboard');
        t.text('listed');
        t.unique(['upload_id', 'attempt']);
        t.index(['video_id', 'created_at']);
      })
      .raw(
        "create index encodings_active on encodings (created_at) where state in ('queued', 'probing', 'encoding', 'playable')",
      )
      .createTable('tracks', (t) => {
        t.text('encoding_id').notNullable().references('id').inTable('encodings').onDelete('cascade');
        t.text('rendition_id').notNullable();
        t.integer('timescale').notNullable();
        t.text('codec').notNullable();
        t.integer('init_bytes').notNullable();
        t.text('init_sha256').notNullable();
        t.primary(['encoding_id', 'rendition_id']);
      })
      .createTable('segments', (t) => {
        t.text('encoding_id').notNullable().references('id').inTable('encodings').onDelete('cascade');
        t.text('rendition_id').notNullable();
        t.integer('number').notNullable();
        t.bigInteger('start_ticks').notNullable();
        t.bigInteger('duration_ticks').notNullable();
        t.integer('bytes').notNullable();
        t.primary(['encoding_id', 'rendition_id', 'number']);
      })
      .createTable('job_progress', (t) => {
        t.text('encoding_id').notNullable().references('id').inTable('encodings').onDelete('cascade');
        t.integer('fence').notNullable();
        t.text('job_id').notNullable();
        t.double('encoded_seconds').notNullable();
        t.primary(['encoding_id', 'fence', 'job_id']);
      })
      .createTable('sweeps', (t) => {
        t.text('prefix').primary();
        t.text('video_id').notNullable();
        t.integer('round').notNullable();
        t.timestamp('due_at').notNullable();
        t.index('due_at');
      })
      .createTable('deleted_videos', (t) => {
        t.text('video_id').primary();
        t.timestamp('deleted_at').notNullable().defaultTo(trx.fn.now());
      }),
  down: (trx) =>
    trx.schema
      .dropTable('deleted_videos')
      .dropTable('sweeps')
      .dropTable('job_progress')
      .dropTable('segments')
      .dropTable('tracks')
      .dropTable('encodings'),
};
