import { canonical } from '../canonical';
import { EXACT_VIEWERS, ViewerSet, viewerHash } from './viewers';

const hashes = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => viewerHash('vid', `viewer ${from + i}`));
const setOf = (all: readonly string[]) => {
  const set = new ViewerSet();
  for (const hash of all) set.add(hash);
  return set;
};

describe('unique viewers', () => {
  it('are exact while there are few, over periods that share some', () => {
    const set = new ViewerSet();
    set.addAll(setOf(hashes(0, 900)).toJSON());
    set.addAll(setOf(hashes(500, 900)).toJSON());
    expect([set.size, set.isExact]).toEqual([1_400, true]);
    expect(setOf(hashes(0, EXACT_VIEWERS)).isExact).toBe(true);
  });

  it.each([2_001, 5_000, 12_000, 60_000])('are within four standard errors when there are %d', (count) => {
    const set = setOf(hashes(0, count));
    expect(set.isExact).toBe(false);
    expect(Math.abs(set.size - count) / count).toBeLessThan(0.065);
  });

  it('depend on who there was, not on the way they were added', () => {
    const whole = canonical(setOf(hashes(0, 3_000)));
    const parts = [setOf(hashes(2_000, 1_000)), setOf(hashes(0, 2_500)), setOf(hashes(0, 10))];
    for (const order of [parts, parts.toReversed()]) {
      const set = new ViewerSet();
      for (const part of order) set.addAll(part.toJSON());
      expect(canonical(set)).toBe(whole);
    }
  });

  it('can’t be followed from one video to another', () => {
    expect(viewerHash('vid_a', 'ada')).not.toBe(viewerHash('vid_b', 'ada'));
  });
});
