import { stopWords } from './stop-words';
import { type Synonyms, noSynonyms } from './synonyms';
import { type Written, writtenWordsOf } from './text';

/** A word that is asked for. */
export interface Term extends Written {
  /** Somebody is typing it: its beginning is enough, and it may have typos. A synonym is whole, or another form of the same word. */
  readonly typed: boolean;
}

/** One thing that is asked for, in all ways of saying it: in each of them, every word must be found. */
export interface Slot {
  readonly ways: readonly (readonly Term[])[];
  /** Counts when it is found, and is not missed when it isn't. */
  readonly optional: boolean;
}

export interface ReadQuery {
  /** All its words, folded. */
  readonly folded: string;
  readonly slots: readonly Slot[];
}

/** A ninth term would rather narrow a search to nothing than help it. */
const MOST_TERMS = 8;
const LONGEST_PHRASE = 4;
const MOST_SYNONYMS = 6;

const termsOfPhrase = (phrase: string): Term[] =>
  phrase.split(' ').map((word) => ({ word, lower: word, typed: false }));

/** The longest phrase with synonyms that begins at a word; that word alone when there is none. */
function phraseAt(words: readonly Written[], at: number, synonyms: Synonyms): readonly Written[] {
  for (let length = Math.min(LONGEST_PHRASE, words.length - at); length > 1; length--) {
    const phrase = words.slice(at, at + length);
    if (synonyms.has(phrase.map(({ word }) => word).join(' '))) return phrase;
  }
  return words.slice(at, at + 1);
}

/** What a text asks for: its terms, each once, with their synonyms. */
export function readQuery(text: string, synonyms: Synonyms = noSynonyms): ReadQuery {
  const words = [...new Map(writtenWordsOf(text).map((one) => [one.word, one])).values()].slice(0, MOST_TERMS);
  const slots: Slot[] = [];
  for (let at = 0; at < words.length;) {
    const phrase = phraseAt(words, at, synonyms);
    at += phrase.length;
    const others = synonyms.get(phrase.map(({ word }) => word).join(' ')) ?? [];
    slots.push({
      ways: [
        phrase.map((word) => ({ ...word, typed: true })),
        ...others.slice(0, MOST_SYNONYMS).map((other) => termsOfPhrase(other)),
      ],
      optional: phrase.length === 1 && stopWords.has(phrase[0]?.word ?? ''),
    });
  }
  const nothingElse = slots.every((slot) => slot.optional);
  return {
    folded: words.map(({ word }) => word).join(' '),
    slots: nothingElse ? slots.map((slot) => ({ ...slot, optional: false })) : slots,
  };
}

/** The words that a highlight marks. */
export const wordsToMark = ({ slots }: ReadQuery): string[] => [
  ...new Set(slots.filter((slot) => !slot.optional).flatMap(({ ways }) => ways.flat().map(({ word }) => word))),
];
