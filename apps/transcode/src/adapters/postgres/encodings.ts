import { type Database, type Knex, type Outbox } from '@kinora/database';
import { ACTIVE_STATES, type Origin } from '../../domain/encoding';
import { type Encodings } from '../../domain/ports';
import { create } from '../../domain/transitions';
import { changeWithin } from './change-encoding';
import { type EncodingRow, encodingColumns, toEncoding, toRow } from './encoding-row';

const newest = (db: Knex, videoId: string) =>
  db<EncodingRow>('encodings')
    .select(encodingColumns)
    .where({ video_id: videoId })
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'attempt', order: 'desc' },
    ])
    .first();

/** Adds the encoding unless the video was deleted or the upload has this attempt already. */
export async function addWithin(trx: Knex.Transaction, origin: Origin): Promise<void> {
  // The same lock as deleting takes: either the deletion sees this encoding, or this sees the deletion.
  await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 1))', [origin.videoId]);
  const gone = await trx('deleted_videos').select('video_id').where({ video_id: origin.videoId }).first<object>();
  if (gone) return;
  await trx('encodings')
    .insert(toRow(create(origin)))
    .onConflict(['upload_id', 'attempt'])
    .ignore();
}

export const createEncodings = (db: Database, outbox: Outbox): Encodings => ({
  async find(id) {
    const row = await db.writer<EncodingRow>('encodings').select(encodingColumns).where({ id }).first();
    return row && toEncoding(row);
  },
  async newestOf(videoId) {
    const row = await newest(db.writer, videoId);
    return row && toEncoding(row);
  },
  async active(limit, quietSince) {
    const progressedAt = 'coalesce(progressed_at, created_at)';
    const query = db
      .writer('encodings')
      .select<(EncodingRow & { quiet_since: Date })[]>(
        ...encodingColumns,
        db.writer.raw(`${progressedAt} as quiet_since`),
      )
      .whereIn('state', ACTIVE_STATES)
      .orderBy('created_at')
      .limit(limit);
    const rows = await (quietSince ? query.whereRaw(`${progressedAt} < ?`, [quietSince]) : query);
    return rows.map((row) => ({ encoding: toEncoding(row), progressedAt: row.quiet_since }));
  },
  change: (id, decide) => db.transaction((trx) => changeWithin(trx, outbox, id, decide)),
  add: (origin) =>
    db.transaction(async (trx) => {
      await addWithin(trx, origin);
      const row = await newest(trx, origin.videoId);
      return row && toEncoding(row);
    }),
  async publishedBefore({ id, videoId, createdAt }) {
    const rows = await db
      .writer('encodings')
      .select<{ id: string }[]>('id')
      .where({ video_id: videoId, state: 'ready' })
      .whereNot({ id })
      .where('created_at', '<=', createdAt);
    return rows.map((row) => ({ id: row.id, videoId }));
  },
  async minutesSince(engine, since) {
    const row = await db
      .writer('encodings')
      .sum({ seconds: 'planned_seconds' })
      .where({ engine })
      .where('started_at', '>=', since)
      .first<{ seconds: number | null } | undefined>();
    return (row?.seconds ?? 0) / 60;
  },
});
