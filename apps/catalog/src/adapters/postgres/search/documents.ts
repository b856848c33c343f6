import { type Knex } from '@kinora/database';
import { type SearchDocument, type SearchWriter } from '../../../domain/ports/search-index';
import { deletesOf, wordsOf } from '../../../domain/search/text';

/** Longer "words" are ids and the like: found by their beginning, not by guessing. */
const LONGEST_WORD = 64;
const LONGEST_GUESSED = 24;
const LAST_POSITION = 16_383;

const cut = (text: string): string[] => wordsOf(text).map((word) => word.slice(0, LONGEST_WORD));

/** A tsvector written out: words are letters and digits only, so quoting them is enough. Weights: A title, B tags, D description. */
function vectorOf({ title, tags, description }: SearchDocument): string {
  const weighted = [
    ...cut(title).map((word) => [word, 'A'] as const),
    ...tags.flatMap(cut).map((word) => [word, 'B'] as const),
    ...cut(description).map((word) => [word, 'D'] as const),
  ];
  return weighted.map(([word, weight], n) => `'${word}':${Math.min(n + 1, LAST_POSITION)}${weight}`).join(' ');
}

export async function putDocument(trx: Knex, document: SearchDocument): Promise<void> {
  const written = await trx('search_documents')
    .insert({
      video_id: document.videoId,
      owner_id: document.ownerId,
      visibility: document.visibility,
      status: document.status,
      title: document.title,
      folded_title: wordsOf(document.title).join(' '),
      tags: [...document.tags],
      folded_tags: document.tags.map((tag) => wordsOf(tag).join(' ')),
      words: trx.raw('?::tsvector', [vectorOf(document)]),
      revision: document.revision,
    })
    .onConflict('video_id')
    .merge()
    .where('search_documents.revision', '<', document.revision)
    .returning('video_id');
  if (written.length === 0) return;
  await trx('search_words').where({ video_id: document.videoId }).delete();
  const words = [...new Set([document.title, ...document.tags].flatMap(cut))];
  if (words.length === 0) return;
  await trx('search_words').insert(
    words.map((word) => ({
      video_id: document.videoId,
      word,
      deletes: word.length > LONGEST_GUESSED ? [word] : deletesOf(word),
    })),
  );
}

export const removeDocument = async (trx: Knex, videoId: string): Promise<void> =>
  void (await trx('search_documents').where({ video_id: videoId }).delete());

export const createPostgresSearchWriter = (db: Knex): SearchWriter => ({
  put: (documents) =>
    db.transaction(async (trx) => {
      for (const document of documents) await putDocument(trx, document);
    }),
  remove: (videoId) => removeDocument(db, videoId),
});
