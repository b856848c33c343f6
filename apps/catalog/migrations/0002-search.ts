import { type Migration } from '@kinora/database';

/**
 * What is searched, folded by the service (no case, no accents) and cut into words there, so that neither the database's locale nor its
 * text parser has a say. `search_words` is the vocabulary for typos: each word with all that it becomes when one letter is left out.
 */
export const searchMigration: Migration = {
  name: '0002-search',
  up: (trx) =>
    trx.schema
      .raw('create extension if not exists pg_trgm with schema public')
      .createTable('search_documents', (t) => {
        t.text('video_id').primary();
        t.text('owner_id').notNullable().index();
        t.text('visibility').notNullable();
        t.text('status').notNullable();
        t.text('title').notNullable();
        t.text('folded_title').notNullable();
        t.specificType('tags', 'text[]').notNullable();
        t.specificType('folded_tags', 'text[]').notNullable();
        t.specificType('words', 'tsvector').notNullable();
        t.integer('revision').notNullable();
      })
      .raw('create index search_documents_words on search_documents using gin (words)')
      .raw('create index search_documents_tags on search_documents using gin (tags)')
      .createTable('search_words', (t) => {
        t.text('video_id').notNullable().references('search_documents.video_id').onDelete('cascade');
        t.text('word').notNullable();
        t.specificType('deletes', 'text[]').notNullable();
        t.primary(['video_id', 'word']);
      })
      .raw('create index search_words_deletes on search_words using gin (deletes)')
      .raw('create index search_words_similar on search_words using gin (word public.gin_trgm_ops)'),
  // The extension stays: other schemas may use it.
  down: (trx) => trx.schema.dropTable('search_words').dropTable('search_documents'),
};
