import fc from 'fast-check';
import { type Span } from './coverage';
import { RetentionBuilder, bucketMsOf, bucketsOf, countsOf } from './retention';

describe('the retention curve', () => {
  it('never has more than 500 buckets, and 100 for a short video', () => {
    expect([3_000, 10_000, 100_000, 500_000, 14_400_000].map((ms) => [bucketMsOf(ms), bucketsOf(ms)])).toEqual([
      ...[
        [100, 30],
        [100, 100],
        [1_000, 100],
        [1_000, 500],
        [28_800, 500],
      ],
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (ms) => {
        expect(bucketsOf(ms)).toBeLessThanOrEqual(500);
        expect(bucketsOf(ms) * bucketMsOf(ms)).toBeGreaterThanOrEqual(ms);
      }),
    );
  });

  it('agrees with counting bucket by bucket', () => {
    const durationMs = 60_000;
    const span = fc
      .tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 600 }))
      .filter(([a, b]) => a < b)
      .map(([a, b]): Span => [a * 100, b * 100]);
    const session = fc.record({
      plays: fc.array(span, { maxLength: 6 }),
      overflow: fc.array(fc.record({ span, plays: fc.integer({ min: 1, max: 4 }) }), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(session, { maxLength: 8 }), (sessions) => {
        const builder = new RetentionBuilder(durationMs);
        for (const { plays, overflow } of sessions) builder.add(plays, overflow);
        const built = builder.build();
        const buckets = Array.from({ length: bucketsOf(durationMs) }, (_, i) => i * built.bucketMs);
        const touches = ([from, to]: Span, start: number) => from < start + built.bucketMs && to > start;
        expect(countsOf(built.sessions)).toEqual(
          buckets.map(
            (start) =>
              sessions.filter(({ plays, overflow }) =>
                [...plays, ...overflow.map((one) => one.span)].some((one) => touches(one, start)),
              ).length,
          ),
        );
        expect(countsOf(built.plays)).toEqual(
          buckets.map((start) =>
            sessions
              .flatMap(({ plays, overflow }) => [...plays.map((one) => ({ span: one, plays: 1 })), ...overflow])
              .reduce((sum, one) => sum + (touches(one.span, start) ? one.plays : 0), 0),
          ),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('is empty while the duration is unknown', () => {
    const builder = new RetentionBuilder(null);
    builder.add([[0, 5_000]], []);
    expect(builder.build()).toEqual({ bucketMs: 0, sessions: [], plays: [] });
  });
});
