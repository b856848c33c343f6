import { type Migration } from '@kinora/database';

export const uploads: Migration = {
  name: '0001-uploads',
  up: (trx) =>
    trx.schema
      .createTable('uploads', (t) => {
        t.text('id').primary();
        t.text('video_id').notNullable();
        t.text('owner_id').notNullable();
        t.text('state').notNullable();
        t.text('protocol').notNullable();
        t.text('filename').notNullable();
        t.text('content_type').notNullable();
        t.bigInteger('size').notNullable();
        t.integer('part_size').notNullable();
        t.integer('part_count').notNullable();
        t.text('checksum');
        // The client's own words (tus asks for them back). Text, because jsonb refuses NUL.
        t.text('metadata');
        // The video was a draft before: until catalog has agreed, nobody knows whose.
        t.boolean('takes_draft').notNullable();
        // Null until catalog knows the video and the store has opened the multipart; nobody sees the upload before.
        t.text('multipart_id');
        // The parts that a completion has chosen.
        t.jsonb('parts');
        // Who is completing it, and until when the others leave it alone.
        t.text('lease_token');
        t.timestamp('lease_until');
        t.timestamp('created_at').notNullable().defaultTo(trx.fn.now());
        t.timestamp('expires_at').notNullable();
        t.timestamp('ended_at');
        // What an upload without a file left in the stores is gone.
        t.timestamp('cleaned_at');
        t.index('video_id');
      })
      .raw("create index uploads_open on uploads (expires_at) where state = 'open'")
      .raw("create index uploads_completing on uploads (lease_until) where state = 'completing'")
      .raw(
        "create index uploads_uncleaned on uploads (ended_at) where state in ('aborted', 'expired') and cleaned_at is null",
      )
      .raw("create index uploads_of_owner on uploads (owner_id) where state in ('open', 'completing')")
      .raw(
        "create unique index uploads_one_per_video on uploads (owner_id, video_id) where state in ('open', 'completing')",
      ),
  down: (trx) => trx.schema.dropTable('uploads'),
};
