import { type VideoAnalytics } from '@kinora/contracts-analytics';
import { retentionCurve } from './retention';

const given = (plays: number, bucketMs: number) =>
  ({ totals: { plays }, retention: { bucketMs, sessions: [4, 2, 1], plays: [6, 2, 1] } }) as unknown as VideoAnalytics;

test('shares of plays, with replays beside', () => {
  expect(retentionCurve(given(4, 2000))).toEqual([
    { at: 0, watched: 1, replayed: 1.5 },
    { at: 2, watched: 0.5, replayed: 0.5 },
    { at: 4, watched: 0.25, replayed: 0.25 },
  ]);
});

test('no plays, or no known length, is no curve', () => {
  expect(retentionCurve(given(0, 2000))).toEqual([]);
  expect(retentionCurve(given(4, 0))).toEqual([]);
});
