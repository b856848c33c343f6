import { type Database } from '@kinora/database';
import { type UploadRepository } from '../../domain/ports';
import { type UploadRow } from './upload-row';

type SweepQueries = Pick<
  UploadRepository,
  'interrupted' | 'overdue' | 'halfCreated' | 'uncleaned' | 'markCleaned' | 'unfinishedMultiparts'
>;

const idle = '(lease_until is null or lease_until < now())';

/** What recovery and the sweeper look for; each has a partial index. */
export function createSweepQueries(db: Database): SweepQueries {
  const rows = () => db.writer<UploadRow & { takes_draft: boolean }>('uploads');
  return {
    async interrupted(limit) {
      const found = await rows()
        .select('id')
        .where({ state: 'completing' })
        .whereRaw(idle)
        .orderBy('created_at')
        .limit(limit);
      return found.map((row) => row.id);
    },
    async overdue(limit) {
      const found = await rows()
        .select('id')
        .where({ state: 'open' })
        .whereRaw("(multipart_id is not null or protocol = 'watch') and expires_at < now()")
        .orderBy('expires_at')
        .limit(limit);
      return found.map((row) => row.id);
    },
    async halfCreated(limit) {
      const found = await rows()
        .select('id', 'takes_draft')
        .where({ state: 'open' })
        .whereNull('multipart_id')
        // The copy of a large object takes longer; it has until it is overdue.
        .whereNot({ protocol: 'watch' })
        .whereRaw("created_at < now() - interval '15 minutes'")
        .limit(limit);
      return found.map((row) => ({ id: row.id, takesDraft: row.takes_draft }));
    },
    async uncleaned(after, limit) {
      const found = await rows()
        .select('id', 'video_id', 'multipart_id')
        .whereIn('state', ['aborted', 'expired'])
        .whereRaw(`cleaned_at is null and ${idle}`)
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit);
      return found.map((row) => ({ id: row.id, videoId: row.video_id, multipartId: row.multipart_id ?? undefined }));
    },
    async markCleaned(id) {
      await rows()
        .where({ id })
        .update({ cleaned_at: db.writer.fn.now() } as object);
    },
    async unfinishedMultiparts(ids) {
      const found = await rows()
        .select('multipart_id')
        .whereIn('multipart_id', [...ids])
        .whereIn('state', ['open', 'completing']);
      return new Set(found.flatMap((row) => row.multipart_id ?? []));
    },
  };
}
