import { coalesce } from './coalesce';

describe('coalescing', () => {
  it('does what was asked for meanwhile in one further run', async () => {
    const runs: number[][] = [];
    const gates: (() => void)[] = [];
    const run = coalesce<number[], number>(
      (a, b) => [...a, ...b],
      async (_key, values) => {
        runs.push(values);
        await new Promise<void>((resolve) => gates.push(resolve));
        return values.length;
      },
    );
    const answers = Promise.all([run('k', [1]), run('k', [2]), run('k', [3]), run('other', [9])]);
    expect(runs).toEqual([[1], [9]]);
    gates.splice(0).forEach((open) => open());
    while (gates.length === 0) await Promise.resolve();
    expect(runs).toEqual([[1], [9], [2, 3]]);
    gates.splice(0).forEach((open) => open());
    expect(await answers).toEqual([1, 2, 2, 1]);
  });

  it('goes on after a failure, which only those learn of who were in it', async () => {
    const run = coalesce<string, string>(
      (a, b) => a + b,
      async (_key, value) => {
        await Promise.resolve();
        if (value === 'bad') throw new Error('once');
        return value;
      },
    );
    const answers = await Promise.allSettled([run('k', 'bad'), run('k', 'good')]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(await run('k', 'later')).toBe('later');
  });
});
