import { type Database, type Outbox } from '@kinora/database';
import { type ManifestLock } from '../../domain/ports';
import { changeWithin } from './change-encoding';
import { type EncodingRow, encodingColumns, toEncoding } from './encoding-row';
import { LANDED, type TrackRow, toLanded } from './landings';

/** A transaction-level advisory lock: it goes with its connection, however that ends. */
export const createManifestLock = (db: Database, outbox: Outbox): ManifestLock => ({
  exclusively: (encodingId, wait, work) =>
    db.transaction(async (trx) => {
      if (wait) {
        await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 2))', [encodingId]);
      } else {
        const taken = await trx.raw<{ rows: { taken: boolean }[] }>(
          'select pg_try_advisory_xact_lock(hashtextextended(?, 2)) as taken',
          [encodingId],
        );
        if (taken.rows[0]?.taken !== true) return 'busy';
      }
      // After the lock, in a statement of its own: it sees what the writer before has committed.
      const [row] = await trx('encodings')
        .select<(EncodingRow & { landed: TrackRow[] })[]>(...encodingColumns, trx.raw(`${LANDED} as landed`))
        .where({ id: encodingId });
      if (!row) return 'unknown';
      return work({
        encoding: toEncoding(row),
        landed: toLanded(row.landed),
        listed: row.listed ?? undefined,
        note: async (listed) => void (await trx('encodings').where({ id: encodingId }).update({ listed })),
        change: (decide) => changeWithin(trx, outbox, encodingId, decide),
      });
    }),
});
