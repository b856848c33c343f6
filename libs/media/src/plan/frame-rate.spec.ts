import { parseRational } from '../rational';
import { chooseRate, gopFramesOf, timescaleOf } from './frame-rate';

const rate = (average: string, base: string) => {
  const averageRate = parseRational(average);
  const baseRate = parseRational(base);
  const { num, den } = chooseRate({ ...(averageRate && { averageRate }), ...(baseRate && { baseRate }) });
  return `${num}/${den}`;
};

describe('chooseRate', () => {
  it.each([
    ['25', '25/1', '25/1', '25/1'],
    ['29.97', '30000/1001', '30000/1001', '30000/1001'],
    ['23.976 of Matroska', '24000/1001', '24000/1001', '24000/1001'],
    ['59.94 written roughly', '2997/50', '2997/50', '60000/1001'],
    ['a phone with jitter', '27000/901', '90000/1', '30000/1001'],
    ['interlaced 25 that counts fields', '25/1', '50/1', '25/1'],
    ['variable for 60, mostly still', '2600/100', '60/1', '60/1'],
    ['variable in milliseconds', '4400/100', '1000/1', '60000/1001'],
    ['a screen recording', '83/10', '1000/1', '24000/1001'],
    ['15', '15/1', '15/1', '15/1'],
    ['12.5', '25/2', '25/2', '25/2'],
    ['1', '1/1', '1/1', '10/1'],
    ['240', '240/1', '240/1', '60/1'],
    ['120000/1001', '120000/1001', '120000/1001', '60000/1001'],
    ['100', '100/1', '100/1', '50/1'],
    ['144', '144/1', '144/1', '48/1'],
    ['nothing known', '0/0', '0/0', '30/1'],
  ])('%s', (_, average, base, expected) => {
    expect(rate(average, base)).toBe(expected);
  });

  it('makes keyframes every two seconds in whole frames', () => {
    expect(gopFramesOf({ num: 25, den: 1 })).toBe(50);
    expect(gopFramesOf({ num: 30_000, den: 1001 })).toBe(60);
    expect(gopFramesOf({ num: 25, den: 2 })).toBe(25);
  });

  it('gives a frame a whole number of ticks', () => {
    for (const [num, den] of [
      [25, 1],
      [30_000, 1001],
      [60, 1],
      [25, 2],
      [10, 1],
    ] as const) {
      const timescale = timescaleOf({ num, den });
      expect((timescale * den) % num).toBe(0);
      expect(timescale).toBeGreaterThanOrEqual(10_000);
    }
  });
});
