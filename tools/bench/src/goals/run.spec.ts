import { type Measurement, figureOf, interleaved } from './goal';
import { selected } from './run';

const measurement = (...ids: string[]): Measurement => ({
  goals: Object.fromEntries(ids.map((id) => [id, 'a demand'])),
  run: () => Promise.resolve({}),
});

describe('selected', () => {
  const all = [measurement('G1', 'G2'), measurement('G4')];

  it('takes every goal when none is named, and only those that are', () => {
    expect(selected(all, []).map(([, wanted]) => [...wanted])).toEqual([['G1', 'G2'], ['G4']]);
    expect(selected(all, ['G2']).map(([one, wanted]) => [one, [...wanted]])).toEqual([[all[0], ['G2']]]);
  });

  it('refuses a goal that nobody knows', () => {
    expect(() => selected(all, ['G1', 'G99'])).toThrow('no such goal: G99; there are G1, G2, G4');
  });
});

it('runs what is compared in turns, the other way round every other time, with the baseline as its own control', async () => {
  const order: string[] = [];
  const rounds = await interleaved(
    2,
    async () => (order.push('ours'), 3),
    async () => (order.push('baseline'), order.length === 1 ? 1 : 2),
  );
  expect(order).toEqual(['baseline', 'ours', 'baseline', 'baseline', 'ours', 'baseline']);
  expect(rounds[0]).toEqual({ ours: 3, baseline: 1, again: 2 });
  expect(figureOf(rounds, (ratio) => ratio <= 2)).toMatchObject({
    ...{ ratio: 1.75, min: 1.5, max: 2, control: 1.5, met: true },
  });
});
