import { sessionOf } from '../../../test/support/sessions';
import { playsOf, unionOf } from './coverage';

const plays = (runs: Record<string, [number, number]>, durationMs: number | null = 100_000) =>
  playsOf(sessionOf({ startup: 1, runs }).facts, durationMs);

describe('plays of a session', () => {
  it('go on over a pause or a stall', () => {
    expect(plays({ 0: [0, 10], 1: [10, 20], 2: [20.4, 30] })).toEqual([[0, 30_000]]);
  });

  it('end at a seek, also one back into them', () => {
    expect(plays({ 0: [0, 10], 1: [5, 8], 2: [50, 60] })).toEqual([
      [0, 10_000],
      [5_000, 8_000],
      [50_000, 60_000],
    ]);
  });

  it('are not joined over a run that is missing', () => {
    expect(plays({ 0: [0, 10], 2: [10, 20] })).toHaveLength(2);
  });

  it('end with the video', () => {
    expect(plays({ 0: [90, 104], 1: [101, 103] })).toEqual([[90_000, 100_000]]);
    expect(plays({ 0: [90, 104] }, null)).toEqual([[90_000, 104_000]]);
  });

  it('unite without counting anything twice', () => {
    expect(
      unionOf([
        [5, 9],
        [0, 2],
        [2, 3],
        [8, 12],
        [4, 4],
      ]),
    ).toEqual([
      [0, 3],
      [5, 12],
    ]);
  });
});
