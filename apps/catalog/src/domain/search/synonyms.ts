import { wordsOf } from './text';

/** By a phrase (folded words with blanks between), the phrases that mean the same. */
export type Synonyms = ReadonlyMap<string, readonly string[]>;

/**
 * Reads groups of phrases that mean the same: `tv, television; nyc, new york`.
 * @throws Error when a group has fewer than two phrases
 */
export function parseSynonyms(text: string): Synonyms {
  const found = new Map<string, Set<string>>();
  for (const group of text.split(/[;\n]/).filter((one) => one.trim() !== '')) {
    const phrases = [...new Set(group.split(',').map((phrase) => wordsOf(phrase).join(' ')))].filter(Boolean);
    if (phrases.length < 2) throw new Error(`"${group.trim()}" is no group of synonyms: it needs two phrases or more`);
    for (const phrase of phrases) {
      const others = found.get(phrase) ?? new Set();
      for (const other of phrases) if (other !== phrase) others.add(other);
      found.set(phrase, others);
    }
  }
  return new Map([...found].map(([phrase, others]) => [phrase, [...others]]));
}

export const noSynonyms: Synonyms = new Map();
