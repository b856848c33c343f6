import { type Migration } from '@kinora/database';

export const watchedObjects: Migration = {
  name: '0002-watched-objects',
  up: (trx) =>
    trx.schema
      .createTable('watched_objects', (t) => {
        t.text('key').notNullable();
        // The store's name for one writing of the key; its etag where the event had none.
        t.text('sequencer').notNullable();
        t.text('etag').notNullable();
        t.text('upload_id').notNullable().unique();
        // Since when it is known what the sidecar says, or that there is none.
        t.timestamp('noted_at');
        // Text, because jsonb refuses NUL.
        t.text('sidecar');
        t.timestamp('created_at').notNullable().defaultTo(trx.fn.now());
        // Nothing is left to do.
        t.timestamp('settled_at');
        t.primary(['key', 'sequencer']);
      })
      // The same bytes written twice before they were taken are one video.
      .raw('create unique index watched_objects_at_work on watched_objects (key, etag) where settled_at is null'),
  down: (trx) => trx.schema.dropTable('watched_objects'),
};
