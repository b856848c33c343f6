import { batched } from './batched';

describe('a batch', () => {
  const recording = (most = 10, windowMs = 5) => {
    const runs: number[][] = [];
    const write = batched<number>({ windowMs, most }, async (values) => {
      runs.push([...values]);
      await Promise.resolve();
      if (values.includes(-1)) throw new Error('refused');
    });
    return { runs, write };
  };

  it('is all that came within its window; what comes later is another', async () => {
    const { runs, write } = recording();
    await Promise.all([write(1), write(2)]);
    await write(3);
    expect(runs).toEqual([[1, 2], [3]]);
  });

  it('does not wait when it is full', async () => {
    const { runs, write } = recording(2, 3_600_000);
    await Promise.all([write(1), write(2), write(3), write(4)]);
    expect(runs).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('fails for those only who were in it', async () => {
    const { write } = recording();
    const results = await Promise.allSettled([write(1), write(-1)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(write(2)).resolves.toBeUndefined();
  });
});
