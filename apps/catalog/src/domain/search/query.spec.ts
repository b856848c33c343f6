import fc from 'fast-check';
import { readQuery, wordsToMark } from './query';
import { parseSynonyms } from './synonyms';

const waysOf = (text: string, synonyms = '') =>
  readQuery(text, parseSynonyms(synonyms)).slots.map(({ ways }) =>
    ways.map((way) => way.map(({ word }) => word).join(' ')),
  );

describe('reading a query', () => {
  it('asks for each term once, and for eight at most', () => {
    expect(waysOf('Sea sea SEA sun')).toEqual([['sea'], ['sun']]);
    expect(waysOf('a b c d e f g h i j')).toHaveLength(8);
    expect(readQuery('Où est-il ?').folded).toBe('ou est il');
  });

  it('can do without small words, unless there are no others', () => {
    const optional = (text: string) => readQuery(text).slots.map((slot) => slot.optional);
    expect(optional('how to bake')).toEqual([true, true, false]);
    expect(optional('où est la plage')).toEqual([true, true, true, false]);
    expect(optional('to be or')).toEqual([false, false, false]);
    expect(wordsToMark(readQuery('the way to bake'))).toEqual(['way', 'bake']);
  });

  it('takes the longest phrase that has synonyms, and only what was typed may be guessed at', () => {
    const given = 'nyc, new york, big apple; new york city, gotham; tv, télé';
    expect(waysOf('new york hotel', given)).toEqual([['new york', 'nyc', 'big apple'], ['hotel']]);
    expect(waysOf('new york city', given)).toEqual([['new york city', 'gotham']]);
    expect(waysOf('york new', given)).toEqual([['york'], ['new']]);
    expect(waysOf('TELE', given)).toEqual([['tele', 'tv']]);
    const [slot] = readQuery('nyc', parseSynonyms(given)).slots;
    expect(slot?.ways.map((way) => way.map(({ typed }) => typed))).toEqual([[true], [false, false], [false, false]]);
  });

  it('loses no word, whatever the synonyms', () => {
    const word = fc.stringMatching(/^[a-z]{1,6}$/);
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), fc.tuple(word, word), (words, [one, other]) => {
        fc.pre(one !== other);
        const typed = readQuery(words.join(' '), parseSynonyms(`${one}, ${other}`)).slots.flatMap(
          ({ ways }) => ways[0]?.map(({ word }) => word) ?? [],
        );
        expect(typed).toEqual([...new Set(words)]);
      }),
    );
  });

  it('refuses a list of synonyms that says nothing', () => {
    expect(() => parseSynonyms('tv, television; lonely')).toThrow('"lonely" is no group of synonyms');
    expect(parseSynonyms(' ; ').size).toBe(0);
  });
});
