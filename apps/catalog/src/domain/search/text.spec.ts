import fc from 'fast-check';
import { highlight } from './highlight';
import { deletesOf, fold, spellingsOf, typosBetween, wordMatches, wordsOf } from './text';

const word = fc.stringMatching(/^[a-z]{4,12}$/);

describe('folding', () => {
  it.each([
    ['Ünïcödé', 'unicode'],
    ['Straße', 'strasse'],
    ['ŁÓDŹ', 'lodz'],
    ['Ærø', 'aero'],
    ['ﬁsh', 'fish'],
  ])('%s is %s', (text, folded) => expect(fold(text)).toBe(folded));

  it('finds words in any script, and keeps accents for stemmers', () => {
    expect(wordsOf("It's 4K: ‘Où est-il?’ 日本")).toEqual(['it', 's', '4k', 'ou', 'est', 'il', '日本']);
    expect(spellingsOf('Élèves в Москве')).toEqual(['élèves', 'eleves', 'в', 'москве']);
  });
});

describe('typos', () => {
  it.each([
    ['kinroa', 'kinora', 1],
    ['holday', 'holiday', 1],
    ['hollidays', 'holidays', 1],
    ['moutnian', 'mountain', 2],
    ['lion', 'lion', 0],
  ])('%s is %s with %i', (a, b, distance) => expect(typosBetween(a, b, 2)).toBe(distance));

  it('forgives none in short words, and two in long ones only', () => {
    expect(wordMatches('car', 'cat')).toBe(false);
    expect(wordMatches('mountain', 'moutnian')).toBe(true);
    expect(wordMatches('houses', 'hxuxes')).toBe(false);
    expect(wordMatches('holidays', 'holi')).toBe(true);
  });

  it('is found by common deletes whenever one typo lies between two words', () => {
    const edit = fc.tuple(fc.constantFrom('drop', 'add', 'swap', 'change'), fc.nat(20), fc.constantFrom(...'abcxyz'));
    fc.assert(
      fc.property(word, edit, (right, [kind, position, letter]) => {
        const at = position % (right.length - 1);
        const [head, a, b, tail] = [right.slice(0, at), right[at] ?? '', right[at + 1] ?? '', right.slice(at + 2)];
        const wrong =
          {
            drop: head + b + tail,
            add: head + letter + a + b + tail,
            swap: head + b + a + tail,
            change: head + letter + b + tail,
          }[kind] ?? right;
        expect(typosBetween(wrong, right, 1)).toBeLessThanOrEqual(1);
        expect(deletesOf(wrong).some((one) => deletesOf(right).includes(one))).toBe(true);
      }),
    );
  });

  it('is the same both ways', () => {
    fc.assert(fc.property(word, word, (a, b) => typosBetween(a, b, 2) === typosBetween(b, a, 2)));
  });
});

describe('highlights', () => {
  it('marks what matches, accents and typos too, and keeps every character', () => {
    expect(highlight('Ein Käse-Fondue, bitte', ['kase', 'fonude'])).toEqual([
      { text: 'Ein ', match: false },
      { text: 'Käse', match: true },
      { text: '-', match: false },
      { text: 'Fondue', match: true },
      { text: ', bitte', match: false },
    ]);
    expect(highlight('nothing of it', ['else'])).toBeUndefined();
  });

  it('cuts a long text down to the surroundings of the first match', () => {
    const text = `${'before '.repeat(50)}needle ${'after '.repeat(50)}`;
    const segments = highlight(text, ['needle'], 200) ?? [];
    expect(segments.map((one) => one.text).join('').length).toBeLessThan(230);
    expect(segments.filter((one) => one.match)).toEqual([{ text: 'needle', match: true }]);
    expect(segments[0]).toEqual({ text: '… ', match: false });
    expect(segments.at(-1)).toEqual({ text: ' …', match: false });
  });

  it('loses nothing of a text that is short enough', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.array(word, { maxLength: 3 }), (text, terms) => {
        const segments = highlight(text, [...terms, ...wordsOf(text).slice(0, 1)]);
        if (segments) expect(segments.map((one) => one.text).join('')).toBe(text);
      }),
    );
  });
});
