import { type Passage } from '@kinora/contracts-catalog';
import { type Knex } from '@kinora/database';
import { type SearchTranscript } from '../../domain/ports/search-index';

interface PassageRow {
  video_id: string;
  n: number;
  start_ms: number;
  end_ms: number;
  text: string;
  language: string;
}

/** Rows per INSERT: well below the number of values that one statement may have. */
const CHUNK = 1_000;

/** Writes the transcript of a video that is locked, and tells what an index has to know of it. */
export async function replaceTranscript(
  trx: Knex.Transaction,
  { id, revision }: { id: string; revision: number },
  passages: readonly Passage[],
): Promise<SearchTranscript> {
  const [row] = await trx('transcripts')
    .insert({ video_id: id, most_ever: passages.length })
    .onConflict('video_id')
    .merge({ most_ever: trx.raw('greatest(transcripts.most_ever, excluded.most_ever)') })
    .returning<{ most_ever: number }[]>('most_ever');
  await trx('passages').where({ video_id: id }).delete();
  const rows = passages.map(({ startMs, endMs, text, language }, n): PassageRow => ({
    video_id: id,
    n,
    start_ms: startMs,
    end_ms: endMs,
    text,
    language,
  }));
  await trx.batchInsert('passages', rows, CHUNK);
  return { videoId: id, revision, passages, mostEver: row?.most_ever ?? passages.length };
}

/** The transcripts of videos at a revision that was read before: what is read now is that old, or newer. */
export async function transcriptsOf(
  db: Knex,
  videos: readonly { readonly id: string; readonly revision: number }[],
): Promise<SearchTranscript[]> {
  const ids = videos.map(({ id }) => id);
  const known = await db<{ video_id: string; most_ever: number }>('transcripts')
    .select('video_id', 'most_ever')
    .whereIn('video_id', ids);
  if (known.length === 0) return [];
  const rows = await db<PassageRow>('passages')
    .select('video_id', 'n', 'start_ms', 'text', 'language')
    .whereIn('video_id', ids)
    .orderBy(['video_id', 'n']);
  const byVideo = Map.groupBy(rows, (row) => row.video_id);
  const revisions = new Map(videos.map(({ id, revision }) => [id, revision]));
  return known.map(({ video_id, most_ever }) => ({
    videoId: video_id,
    revision: revisions.get(video_id) ?? 0,
    mostEver: most_ever,
    passages: (byVideo.get(video_id) ?? []).map(({ start_ms, text, language }) => ({
      startMs: start_ms,
      text,
      language,
    })),
  }));
}
