import { uploadCompleted, uploadEnded } from '@kinora/contracts-upload';
import { type Database, type Knex, type Outbox, isUniqueViolation } from '@kinora/database';
import { type NewUpload, type UploadRepository } from '../../domain/ports';
import { sourceKey } from '../../domain/upload';
import { createSweepQueries } from './sweep-queries';
import { type UploadRow, insertable, toUpload, uploadColumns } from './upload-row';

/** Whether the owner may have another unfinished upload. Holds a lock on the owner until the transaction ends, so that none slips by. */
async function withinQuota(
  trx: Knex.Transaction,
  upload: NewUpload,
  quota: { count: number; bytes: number },
): Promise<boolean> {
  await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 1))', [upload.ownerId]);
  const row = await trx<UploadRow>('uploads')
    .where({ owner_id: upload.ownerId })
    .whereIn('state', ['open', 'completing'])
    .select<{ count: string; bytes: string | null }[]>(trx.raw('count(*) as count'), trx.raw('sum(size) as bytes'))
    .first();
  return Number(row?.count ?? 0) < quota.count && Number(row?.bytes ?? 0) + upload.size <= quota.bytes;
}

export function createUploadRepository(db: Database, outbox: Outbox): UploadRepository {
  const rows = () => db.writer<UploadRow>('uploads');
  return {
    ...createSweepQueries(db),
    async add(upload, quota) {
      try {
        return await db.transaction(async (trx) => {
          if (!(await withinQuota(trx, upload, quota))) return 'quota';
          await trx('uploads').insert(insertable(upload));
          return 'added';
        });
      } catch (error) {
        if (isUniqueViolation(error, 'uploads_one_per_video')) return 'busy';
        throw error;
      }
    },
    async open(id, multipartId) {
      return (await rows().where({ id, state: 'open' }).update({ multipart_id: multipartId })) > 0;
    },
    async forget(id) {
      await rows().where({ id, state: 'open' }).whereNull('multipart_id').delete();
    },
    async find(id) {
      const row = await rows()
        .select(...uploadColumns)
        .where({ id })
        // What is taken from the watch folder has no multipart, and is seen once its bytes are in the raw store.
        .whereRaw("(multipart_id is not null or state in ('completing', 'completed'))")
        .first();
      return row && toUpload(row);
    },

    async beginCompleting(id, parts) {
      const changed = await rows()
        .where({ id, state: 'open' })
        .update({ state: 'completing', parts: db.writer.raw('?::jsonb', [JSON.stringify(parts)]) });
      return changed > 0;
    },
    async lease(id, token, ms) {
      const changed = await rows()
        .where({ id, state: 'completing' })
        .whereRaw('(lease_token = ? or lease_until is null or lease_until < now())', [token])
        .update({
          lease_token: token,
          lease_until: db.writer.raw("now() + ? * interval '1 millisecond'", [ms]),
        } as object);
      return changed > 0;
    },
    async unlease(id, token) {
      await rows()
        .where({ id })
        .whereRaw('lease_token = ?', [token])
        .update({ lease_token: null, lease_until: null } as object);
    },
    async reopen(id, token) {
      const changed = await rows()
        .where({ id, state: 'completing' })
        .whereRaw('lease_token = ?', [token])
        .update({ state: 'open', parts: null, lease_token: null, lease_until: null } as object);
      return changed > 0;
    },
    complete: (upload, token) =>
      db.transaction(async (trx) => {
        const changed = await trx('uploads')
          .where({ id: upload.id, state: 'completing', lease_token: token })
          .update({ state: 'completed', ended_at: trx.fn.now(), lease_token: null, lease_until: null });
        if (changed === 0) return false;
        await outbox.publish(trx, uploadCompleted, {
          uploadId: upload.id,
          videoId: upload.videoId,
          ownerId: upload.ownerId,
          sourceKey: sourceKey(upload),
          size: upload.size,
          filename: upload.filename,
          contentType: upload.contentType,
        });
        return true;
      }),
    end: (id, from, reason) =>
      db.transaction(async (trx) => {
        const [ended] = await trx<UploadRow>('uploads')
          .where({ id, state: from })
          .update({ state: reason === 'aborted' ? 'aborted' : 'expired', ended_at: trx.fn.now() } as object)
          .returning(['video_id']);
        if (!ended) return false;
        await outbox.publish(trx, uploadEnded, { uploadId: id, videoId: ended.video_id, reason });
        return true;
      }),
    async endAllOf(videoId) {
      await rows()
        .where({ video_id: videoId })
        .whereIn('state', ['open', 'completing'])
        .update({ state: 'aborted', ended_at: db.writer.fn.now() } as object);
    },
  };
}
