import { type Highlight } from '@kinora/contracts-catalog';
import { fold, looksLikeForm, wordMatches } from './text';

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const AROUND = 80;

interface Span {
  readonly from: number;
  readonly to: number;
}

type Matches = (word: string, term: string) => boolean;

const matchesIn = (text: string, terms: readonly string[], matches: Matches): Span[] =>
  [...text.matchAll(WORD)]
    .filter(([word]) => terms.some((term) => matches(fold(word), term)))
    .map(({ 0: word, index }) => ({ from: index, to: index + word.length }));

/** The nearest gap between words, so that no word is cut. */
const gap = (text: string, at: number, step: 1 | -1): number => {
  let here = at;
  while (here > 0 && here < text.length && !/\s/.test(text[step > 0 ? here : here - 1] ?? ' ')) here += step;
  return Math.min(Math.max(here, 0), text.length);
};

/**
 * A text cut into stretches that match a query and stretches that don't; undefined when nothing matches. Other forms of a word are marked
 * where nothing else is. Longer than `most` characters, the text is cut down to the surroundings of the first match.
 */
export function highlight(text: string, terms: readonly string[], most = Infinity): Highlight | undefined {
  const written = matchesIn(text, terms, wordMatches);
  const matches = written.length > 0 ? written : matchesIn(text, terms, looksLikeForm);
  const first = matches[0];
  if (!first) return undefined;
  const whole = text.length <= most;
  const from = whole || first.from <= AROUND ? 0 : gap(text, first.from - AROUND, -1);
  const to = whole ? text.length : gap(text, Math.min(text.length, Math.max(from + most, first.to)), -1);
  const end = Math.max(to, first.to);

  const segments: Highlight = [];
  const add = (part: string, match: boolean) => part !== '' && segments.push({ text: part, match });
  let at = from;
  for (const span of matches.filter((one) => one.to <= end)) {
    add(text.slice(at, span.from), false);
    add(text.slice(span.from, span.to), true);
    at = span.to;
  }
  add(text.slice(at, end), false);
  if (from > 0) segments.unshift({ text: '… ', match: false });
  if (end < text.length) segments.push({ text: ' …', match: false });
  return segments;
}
