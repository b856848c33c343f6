import { type Knex } from '@kinora/database';
import { allowedTypos, deletesOf, termsOf, typosBetween } from '../../../domain/search/text';

const MOST_GUESSES = 40;
/** Two typos can leave little in common, most of all two swaps; what is found too much is sorted out by counting typos. */
const SIMILARITY = '0.15';

/** A query in three degrees of strictness, as tsquery literals; null when it has no words. */
export interface MatchQuery {
  readonly folded: string;
  /** Whole words. */
  readonly exact: string;
  /** Words that begin so, and words with typos. What it doesn't match is no hit. */
  readonly loose: string;
}

/** Words of titles and tags that a term may have meant, nearest first. */
async function guesses(trx: Knex.Transaction, terms: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
  const doubtful = terms.filter((term) => allowedTypos(term) > 0);
  if (doubtful.length === 0) return new Map();
  await trx.raw(`select set_config('pg_trgm.similarity_threshold', ?, true)`, [SIMILARITY]);
  const words = await trx<{ word: string }>('search_words')
    .distinct('word')
    .where((any) => {
      void any.whereRaw('deletes && ?::text[]', [doubtful.flatMap(deletesOf)]);
      for (const term of doubtful.filter((one) => allowedTypos(one) > 1)) void any.orWhereRaw('word % ?', [term]);
    });
  return new Map(
    doubtful.map((term) => [
      term,
      words
        .map(({ word }) => ({ word, typos: typosBetween(word, term, allowedTypos(term)) }))
        .filter(({ typos }) => typos > 0 && typos !== Infinity)
        .sort((a, b) => a.typos - b.typos)
        .slice(0, MOST_GUESSES)
        .map(({ word }) => word),
    ]),
  );
}

export async function matchQueryOf(trx: Knex.Transaction, text: string): Promise<MatchQuery | null> {
  const terms = termsOf(text).map((term) => term.slice(0, 64));
  if (terms.length === 0) return null;
  const guessed = await guesses(trx, terms);
  const loose = terms.map((term) =>
    [`'${term}':*`, ...(guessed.get(term) ?? []).map((word) => `'${word}':AB`)].join(' | '),
  );
  return {
    folded: terms.join(' '),
    exact: terms.map((term) => `'${term}'`).join(' & '),
    loose: loose.map((one) => `(${one})`).join(' & '),
  };
}
