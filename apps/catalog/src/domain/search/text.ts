/** Letters that don't come apart into a base letter and a mark. */
const special: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};
const SPECIAL = new RegExp(`[${Object.keys(special).join('')}]`, 'g');

/** Text without case and accents, as it is compared. */
export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(SPECIAL, (letter) => special[letter] ?? letter);

const WORD = /[\p{L}\p{N}\p{M}]+/gu;

/** A word as it was written, and as it is compared. */
export interface Written {
  /** Lower case, accents kept: what a stemmer expects. */
  readonly lower: string;
  readonly word: string;
}

/** Words of a text in order, as they stand there. */
export const writtenWordsOf = (text: string): Written[] =>
  [...text.matchAll(WORD)]
    .map(([word]) => ({ lower: word.normalize('NFC').toLowerCase(), word: fold(word) }))
    .filter(({ word }) => word !== '');

/** Words of a text, folded, in order. */
export const wordsOf = (text: string): string[] => writtenWordsOf(text).map(({ word }) => word);

/** What a stemmer is given of a text: each word with its accents and without, since people type both. */
export const spellingsOf = (text: string): string[] =>
  writtenWordsOf(text).flatMap(({ lower, word }) => (lower === word ? [word] : [lower, word]));

/** Places of a word that may be wrong before it is another word. */
export const allowedTypos = (term: string): 0 | 1 | 2 => (term.length < 4 ? 0 : term.length < 8 ? 1 : 2);

/** A word, and all words that it becomes when one letter is left out. Two words with one typo between them have one of these in common. */
export const deletesOf = (word: string): string[] => [
  ...new Set([word, ...Array.from(word, (_, at) => word.slice(0, at) + word.slice(at + 1))]),
];

/**
 * Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours that lead from one word to the other.
 * Gives up, with Infinity, when it is above `most`.
 */
export function typosBetween(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return Infinity;
  let [two, one]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, n) => n)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((one[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (one[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (two[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    if (Math.min(...row) > most) return Infinity;
    [two, one] = [one, row];
  }
  const distance = one[b.length] ?? Infinity;
  return distance <= most ? distance : Infinity;
}

/** Whether a word of a text is what a term of a query means. */
export const wordMatches = (word: string, term: string): boolean =>
  word.startsWith(term) || (allowedTypos(term) > 0 && typosBetween(word, term, allowedTypos(term)) !== Infinity);

/**
 * Whether two words look like forms of one: a long common beginning with short endings. Only good for explaining a match that an index
 * with real stemmers has found, never for finding one.
 */
export function looksLikeForm(word: string, term: string): boolean {
  let common = 0;
  while (common < Math.min(word.length, term.length) && word[common] === term[common]) common++;
  const longer = Math.max(word.length, term.length);
  return common >= 3 && common >= longer * 0.55 && longer - common <= 5;
}
