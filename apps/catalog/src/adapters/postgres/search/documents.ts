import { type Knex } from '@kinora/database';
import { type SearchDocument, type SearchTranscript, type SearchWriter } from '../../../domain/ports/search-index';
import { languageOf, languages } from '../../../domain/search/languages';
import { deletesOf, spellingsOf, wordsOf } from '../../../domain/search/text';
import { STEM, stemsOf } from './stems';

/** Longer "words" are ids and the like: found by their beginning, not by guessing. */
const LONGEST_WORD = 64;
const LONGEST_GUESSED = 24;
const LAST_POSITION = 16_383;

/** Changes with what is written for a document, so that a start of a newer version knows which are to be written again. */
const SHAPE = '2';
/** How a document that needs no refreshing is marked, in SQL. */
export const FRESH = `search_documents.shape is not distinct from '${SHAPE}:' || search_documents.revision`;

type Weight = 'A' | 'B' | 'D';
const cut = (words: readonly string[]): string[] => words.map((word) => word.slice(0, LONGEST_WORD));

/** A tsvector written out: words are letters and digits only, so quoting them is enough. */
async function vectorOf(
  trx: Knex,
  fields: readonly { readonly texts: readonly string[]; readonly weight: Weight }[],
  only = languages,
): Promise<string> {
  const spelled = fields.map(({ texts, weight }) => ({ words: cut(texts.flatMap(spellingsOf)), weight }));
  const stems = await stemsOf(
    trx,
    spelled.flatMap(({ words }) => words),
    only,
  );
  return spelled
    .flatMap(({ words, weight }) => words.map((word) => [word, weight] as const))
    .flatMap(([word, weight], n) =>
      [word, ...(stems.get(word) ?? []).map((stem) => `${STEM}${stem}`)].map(
        (lexeme) => `'${lexeme}':${Math.min(n + 1, LAST_POSITION)}${weight}`,
      ),
    )
    .join(' ');
}

/** Writes a document unless a newer one is there; one of the same revision only when an older version of the service wrote it, or when told to. */
export async function putDocument(trx: Knex, document: SearchDocument, { again = false } = {}): Promise<void> {
  const { title, tags, description, revision } = document;
  const words = await vectorOf(trx, [
    { texts: [title], weight: 'A' },
    { texts: tags, weight: 'B' },
    { texts: [description], weight: 'D' },
  ]);
  const written = await trx('search_documents')
    .insert({
      video_id: document.videoId,
      owner_id: document.ownerId,
      visibility: document.visibility,
      status: document.status,
      channel_id: document.channelId,
      length: document.length,
      title,
      folded_title: wordsOf(title).join(' '),
      tags: [...tags],
      folded_tags: tags.map((tag) => wordsOf(tag).join(' ')),
      words: trx.raw('?::tsvector', [words]),
      revision,
      shape: `${SHAPE}:${revision}`,
    })
    .onConflict('video_id')
    .merge()
    .where((older) => {
      void older.where('search_documents.revision', '<', revision);
      void older.orWhereRaw(
        `search_documents.revision = ? and (? or search_documents.shape is distinct from excluded.shape)`,
        [revision, again],
      );
    })
    .returning('video_id');
  if (written.length === 0) return;
  await trx('search_words').where({ video_id: document.videoId }).delete();
  const guessable = [...new Set(cut([title, ...tags].flatMap(wordsOf)))];
  if (guessable.length === 0) return;
  await trx('search_words').insert(
    guessable.map((word) => ({
      video_id: document.videoId,
      word,
      deletes: word.length > LONGEST_GUESSED ? [word] : deletesOf(word),
    })),
  );
}

/** Replaces the passages of a document. One that is not there yet gets them when it is written again. */
export async function putTranscript(trx: Knex, { videoId, passages }: SearchTranscript): Promise<void> {
  const document = await trx<{ video_id: string }>('search_documents').where({ video_id: videoId }).first('video_id');
  await trx('search_passages').where({ video_id: videoId }).delete();
  if (!document || passages.length === 0) return;
  const rows: object[] = [];
  for (const [n, { startMs, text, language }] of passages.entries()) {
    const known = languageOf(language);
    const words = await vectorOf(trx, [{ texts: [text], weight: 'D' }], known ? [known] : languages);
    rows.push({ video_id: videoId, n, start_ms: startMs, text, words: trx.raw('?::tsvector', [words]) });
  }
  await trx.batchInsert('search_passages', rows, 500);
}

export const removeDocument = async (trx: Knex, videoId: string): Promise<void> =>
  void (await trx('search_documents').where({ video_id: videoId }).delete());

export const createPostgresSearchWriter = (db: Knex): SearchWriter => ({
  async put(documents) {
    await db.transaction(async (trx) => {
      for (const document of documents) await putDocument(trx, document);
    });
    return [];
  },
  async putTranscripts(transcripts) {
    await db.transaction(async (trx) => {
      for (const transcript of transcripts) await putTranscript(trx, transcript);
    });
    return [];
  },
  remove: (videoId) => removeDocument(db, videoId),
});
