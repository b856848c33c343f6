import { type Database, type Knex, isUniqueViolation } from '@kinora/database';
import { type Arrival } from '../../domain/arrivals/arrival';
import { type Sidecar, type Watched, type WatchedObjects } from '../../domain/arrivals/ports';
import { type UploadRow, insertable, toUpload, uploadColumns } from './upload-row';

interface WatchedRow extends UploadRow {
  noted_at: Date | null;
  sidecar: string | null;
  settled_at: Date | null;
}

const toWatched = (row: WatchedRow): Watched => ({
  upload: toUpload(row),
  noted: row.noted_at !== null,
  sidecar: row.sidecar === null ? undefined : (JSON.parse(row.sidecar) as Sidecar),
  settled: row.settled_at !== null,
});

const columns = [
  ...uploadColumns.map((name) => `uploads.${name}`),
  'watched_objects.noted_at',
  'watched_objects.sidecar',
  'watched_objects.settled_at',
];
/** An event without a sequencer stands for whatever has these bytes. */
const identity = ({ key, sequencer, etag }: Arrival) => ({ key, sequencer: sequencer ?? etag });

export function createWatchedObjects(db: Database): WatchedObjects {
  const rows = (knex: Knex = db.writer) =>
    knex('watched_objects')
      .join('uploads', 'uploads.id', 'watched_objects.upload_id')
      .select<WatchedRow[]>(...columns);
  const first = async (query: ReturnType<typeof rows>): Promise<Watched | undefined> => {
    const [row] = await query.limit(1);
    return row && toWatched(row);
  };
  const find = (arrival: Arrival) => {
    const { key, sequencer } = identity(arrival);
    return first(rows().where({ 'watched_objects.key': key, 'watched_objects.sequencer': sequencer }));
  };
  /** What is left of an upload that has ended stands in nobody's way. */
  const settleEnded = ({ key, etag }: Arrival) =>
    db
      .writer('watched_objects')
      .where({ key, etag })
      .whereNull('settled_at')
      .whereIn('upload_id', db.writer('uploads').select('id').whereIn('state', ['aborted', 'expired']))
      .update({ settled_at: db.writer.fn.now() });
  const atWork = ({ key, etag }: Arrival) =>
    first(
      rows()
        .where({ 'watched_objects.key': key, 'watched_objects.etag': etag })
        .whereNull('watched_objects.settled_at'),
    );
  const ofUpload = async (uploadId: string, knex: Knex): Promise<Watched> => {
    const found = await first(rows(knex).where({ upload_id: uploadId }));
    if (!found) throw new Error(`no watched object of ${uploadId}`);
    return found;
  };

  return {
    find,
    async begin(arrival, upload) {
      for (;;) {
        await settleEnded(arrival);
        const known = (await find(arrival)) ?? (await atWork(arrival));
        if (known) return known;
        try {
          return await db.transaction(async (trx) => {
            await trx('uploads').insert(insertable(upload));
            await trx('watched_objects').insert({ ...identity(arrival), etag: arrival.etag, upload_id: upload.id });
            return ofUpload(upload.id, trx);
          });
        } catch (error) {
          // Another delivery was faster by a moment.
          if (!isUniqueViolation(error)) throw error;
        }
      }
    },
    newest: (key) => first(rows().where({ 'watched_objects.key': key }).orderBy('uploads.id', 'desc')),
    note: (uploadId, sidecar) =>
      db.transaction(async (trx) => {
        const changed = await trx('watched_objects')
          .where({ upload_id: uploadId })
          .whereNull('noted_at')
          .update({ noted_at: trx.fn.now(), sidecar: sidecar ? JSON.stringify(sidecar) : null });
        if (changed > 0 && sidecar?.ownerId !== undefined)
          await trx('uploads').where({ id: uploadId }).update({ owner_id: sidecar.ownerId });
        return { mine: changed > 0, now: await ofUpload(uploadId, trx) };
      }),
    async noteLate(uploadId, sidecar) {
      await db
        .writer('watched_objects')
        .where({ upload_id: uploadId })
        .update({ sidecar: JSON.stringify(sidecar) });
    },
    async settle(uploadId) {
      await db
        .writer('watched_objects')
        .where({ upload_id: uploadId })
        .whereNull('settled_at')
        .update({ settled_at: db.writer.fn.now() });
    },
  };
}
