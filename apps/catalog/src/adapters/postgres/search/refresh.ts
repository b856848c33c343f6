import { type Database } from '@kinora/database';
import { createSearchSource } from '../search-source';
import { FRESH, putDocument, putTranscript } from './documents';

const BATCH = 100;

/**
 * Writes again what another version of the service wrote, what was written elsewhere while searches went to OpenSearch, or, when told to,
 * everything; removes what has no video. A few at a time, each with its video locked: changes neither wait long nor are undone.
 * @returns how many documents were written
 */
export async function refreshDocuments(
  { writer }: Pick<Database, 'writer'>,
  { everything = false, signal }: { everything?: boolean; signal?: AbortSignal } = {},
): Promise<number> {
  await writer.raw('delete from search_documents where not exists (select 1 from videos where id = video_id)');
  let after = '';
  for (let count = 0; ;) {
    signal?.throwIfAborted();
    const { rows } = await writer.raw<{ rows: { id: string }[] }>(
      `select id from videos left join search_documents on video_id = id
        where id > ? and (? or video_id is null or not (${FRESH}))
        order by id limit ?`,
      [after, everything, BATCH],
    );
    for (const { id } of rows) {
      await writer.transaction(async (trx) => {
        await trx('videos').select('id').where({ id }).forShare();
        const now = await createSearchSource(trx).find(id);
        if (!now) return;
        await putDocument(trx, now.document, { again: true });
        await putTranscript(trx, now.transcript);
      });
    }
    count += rows.length;
    after = rows.at(-1)?.id ?? after;
    if (rows.length < BATCH) return count;
  }
}
