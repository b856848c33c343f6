import { type Knex } from '@kinora/database';
import { type ReadQuery, type Slot, type Term } from '../../../domain/search/query';
import { allowedTypos, deletesOf, typosBetween } from '../../../domain/search/text';
import { STEM, stemsOf } from './stems';

const MOST_GUESSES = 40;
/** Two typos can leave little in common, most of all two swaps; what is found too much is sorted out by counting typos. */
const SIMILARITY = '0.15';
const LONGEST_WORD = 64;

/** A query in degrees of strictness, as tsquery literals; null when it has no words. */
export interface MatchQuery {
  readonly folded: string;
  /** Whole words, as they were typed. */
  readonly exact: string;
  /** What a document must have: words that begin so, other forms, synonyms, and words with typos. */
  readonly loose: string;
  /** All of that, and what need not be there, for the ranking. */
  readonly any: string;
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

const cut = (word: string): string => word.slice(0, LONGEST_WORD);
const quoted = (word: string): string => `'${cut(word)}'`;
const either = (parts: readonly string[]): string => `(${parts.join(' | ')})`;
const both = (parts: readonly string[]): string => `(${parts.join(' & ')})`;

export async function matchQueryOf(trx: Knex.Transaction, { slots, folded }: ReadQuery): Promise<MatchQuery | null> {
  if (slots.length === 0) return null;
  const terms = slots.flatMap(({ ways }) => ways.flat());
  const typed = terms.filter((term) => term.typed).map(({ word }) => word);
  const guessed = await guesses(
    trx,
    slots
      .filter((slot) => !slot.optional)
      .flatMap(typedIn)
      .map(cut),
  );
  const stems = await stemsOf(
    trx,
    terms.flatMap(({ word, lower }) => [cut(word), cut(lower)]),
  );
  const literal = (term: Term): string => {
    const forms = [cut(term.word), cut(term.lower)].flatMap((word) => stems.get(word) ?? []);
    const near = term.typed ? (guessed.get(cut(term.word)) ?? []) : [];
    return either([
      `${quoted(term.word)}${term.typed ? ':*' : ''}`,
      ...[...new Set(forms)].map((stem) => `'${STEM}${stem}'`),
      ...near.map((word) => `'${word}':AB`),
    ]);
  };
  const slotLiteral = ({ ways }: Slot): string => either(ways.map((way) => both(way.map(literal))));
  return {
    folded,
    exact: typed.map(quoted).join(' & '),
    loose: both(slots.filter((slot) => !slot.optional).map(slotLiteral)),
    any: either(slots.map(slotLiteral)),
  };
}

const typedIn = ({ ways }: Slot): string[] =>
  ways.flatMap((way) => way.filter((term) => term.typed).map(({ word }) => word));
