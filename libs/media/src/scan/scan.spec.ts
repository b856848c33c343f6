import { createFrameTimes, factsOf } from './frame-times';
import { createPacketScan } from './packets';

const scanOf = (frames: readonly (readonly [pts: number | undefined, dts: number])[]) => {
  const times = createFrameTimes();
  for (const [pts, dts] of frames) times.push({ pts, dts, duration: 1 });
  return times.end();
};

describe('createFrameTimes', () => {
  it('puts frames that come in the order of decoding in that of showing', () => {
    // I P B B, as an encoder with two B-frames writes it.
    const frames = Array.from({ length: 300 }, (_, n) => [3 * n + 2, 3 * n, 3 * n + 1])
      .flat()
      .map((pts, n): [number, number] => [pts, n - 2]);
    expect(scanOf(frames)).toMatchObject({
      count: 900,
      first: 0,
      last: 899,
      longestGap: 1,
      reorder: 4,
      unsound: false,
    });
  });

  it('finds pauses, and what can’t be sought', () => {
    expect(scanOf([[0, 0], [1, 1], [20, 20]])).toMatchObject({ longestGap: 19, unsound: false }); // prettier-ignore
    expect(scanOf([[0, 0], [undefined, 1], [2, 2]])?.unsound).toBe(true); // prettier-ignore
    expect(scanOf([[10, 10], [11, 5]])?.unsound).toBe(true); // prettier-ignore
    const jumps = Array.from({ length: 200 }, (_, n): [number, number] => [n < 100 ? 1_000 + n : n, n]);
    expect(scanOf(jumps)?.unsound).toBe(true);
    expect(scanOf([])).toBeUndefined();
  });

  it('counts frames on the grid of the output', () => {
    const times = {
      count: 3,
      first: 512,
      last: 1_536,
      lastDuration: 512,
      longestGap: 512,
      reorder: 1_024,
      unsound: false,
    };
    const facts = factsOf(times, 1 / 12_800, { num: 50, den: 1 });
    expect(facts).toEqual({ frames: 6, longestGapSeconds: 0.04, reorderSeconds: 0.08, unsound: false });
  });
});

describe('createPacketScan', () => {
  it('reads lines in pieces of any size, and leaves out what an edit list hides', () => {
    const scan = createPacketScan(1);
    const text =
      '0,0,0.000000,0,1024,0.021333,K_\n1,-2,-0.080000,-4,1,0.040000,KD\n1,0,0.000000,-2,1,0.040000,K_\n1,1,0.040000,-1,1,0.040000,__';
    for (const piece of [text.slice(0, 50), text.slice(50, 51), text.slice(51)]) scan.push(piece);
    const { times, seconds } = scan.end();
    expect(times).toMatchObject({ count: 2, first: 0, last: 1, reorder: 2, unsound: false });
    expect(seconds).toBeCloseTo(0.16);
  });
});
