import fc from 'fast-check';
import { BEGIN, sessionOf } from '../../../test/support/sessions';
import { EdgeBuilder, peaksOf, presenceOf } from './concurrency';

describe('presence', () => {
  it('ends with the watching, not with the page', () => {
    const left = { startup: 500, playing: 60_000, stall: 200, pause: 7_200_000, mono: 7_300_000 };
    expect(presenceOf(sessionOf(left))).toEqual([BEGIN, BEGIN + 61]);
    expect(presenceOf(sessionOf({ ...left, active: 90_000 }))).toEqual([BEGIN, BEGIN + 90]);
    expect(presenceOf(sessionOf({ ...left, playing: 9e8 }))).toEqual([BEGIN, BEGIN + 86_400]);
  });
});

describe('peak concurrency', () => {
  it('agrees with looking at every second', () => {
    const span = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 30 }));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), (spans) => {
        const edges = new EdgeBuilder();
        for (const [from, length] of spans) {
          edges.add(from, 1);
          edges.add(from + length, -1);
        }
        const at = (second: number) =>
          spans.filter(([from, length]) => from <= second && second < from + length).length;
        const windows = [
          [5, 20],
          [20, 35],
          [40, 60],
        ] as const;
        expect(peaksOf(edges.build(), windows)).toEqual(
          windows.map(([from, to]) => Math.max(...Array.from({ length: to - from }, (_, i) => at(from + i)))),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('does not meet whom it replaces in the same second', () => {
    const edges = new EdgeBuilder();
    for (const [second, by] of [
      [0, 1],
      [10, -1],
      [10, 1],
      [20, -1],
    ] as const)
      edges.add(second, by);
    expect(peaksOf(edges.build(), [[0, 60]])).toEqual([1]);
  });
});
