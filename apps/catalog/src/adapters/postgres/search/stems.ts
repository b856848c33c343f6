import { type Knex } from '@kinora/database';
import { type Language, languages, stemmers } from '../../../domain/search/languages';

/** Marks a stem among the words of a tsvector: no word begins so, and no prefix that somebody types finds one. */
export const STEM = '=';

/** What Postgres' stemmers make of words, by word. A word that is all ending in a language has no stem there. */
export async function stemsOf(
  db: Knex,
  words: readonly string[],
  only: readonly Language[] = languages,
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (words.length === 0) return new Map();
  const { rows } = await db.raw<{ rows: { word: string; stems: string[] }[] }>(
    `select word, array_agg(distinct stem) as stems from (
       select word, (ts_lexize(dictionary::regdictionary, word))[1] as stem
         from unnest(?::text[]) as word cross join unnest(?::text[]) as dictionary) as cut
      where stem is not null group by word`,
    [[...new Set(words)], only.map((language) => `${stemmers[language].toLowerCase()}_stem`)],
  );
  return new Map(rows.map(({ word, stems }) => [word, stems]));
}
