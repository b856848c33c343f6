import { type Migration } from '@kinora/database';

/**
 * Transcripts: `passages` is the record, `search_passages` what Postgres searches when it is the index.
 * `shape` tells which version of the service wrote a search document, and of which revision.
 */
export const passagesMigration: Migration = {
  name: '0005-passages',
  up: (trx) =>
    trx.schema
      .createTable('transcripts', (t) => {
        t.text('video_id').primary().references('videos.id').onDelete('cascade');
        t.integer('most_ever').notNullable().comment('An outside index forgets passages up to this number');
      })
      .createTable('passages', (t) => {
        t.text('video_id').notNullable().references('transcripts.video_id').onDelete('cascade');
        t.integer('n').notNullable();
        t.integer('start_ms').notNullable();
        t.integer('end_ms').notNullable();
        t.text('text').notNullable();
        t.text('language').notNullable();
        t.primary(['video_id', 'n']);
      })
      .createTable('search_passages', (t) => {
        t.text('video_id').notNullable().references('search_documents.video_id').onDelete('cascade');
        t.integer('n').notNullable();
        t.integer('start_ms').notNullable();
        t.text('text').notNullable();
        t.specificType('words', 'tsvector').notNullable();
        t.primary(['video_id', 'n']);
      })
      .raw('create index search_passages_words on search_passages using gin (words)')
      .alterTable('search_documents', (t) => {
        t.text('channel_id');
        t.text('length');
        t.text('shape');
      }),
  down: (trx) =>
    trx.schema
      .alterTable('search_documents', (t) => t.dropColumns('channel_id', 'length', 'shape'))
      .dropTable('search_passages')
      .dropTable('passages')
      .dropTable('transcripts'),
};
