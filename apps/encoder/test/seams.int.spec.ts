import { isDetailed, toNumber } from '@kinora/media';
import { WHOLE, chunkedPlan, encodeChunks, frames, seamSources, stitch } from './seams';

jest.setTimeout(240_000);

/** Every proof in one run a source: the chunks that a plan has, stitched, and the same video in one piece. */
describe.each(Object.entries(seamSources))('the seams of %s', (_name, make) => {
  it('can’t be told from an encode in one piece', async () => {
    const file = await make();
    const plan = await chunkedPlan(file, 7);
    expect(isDetailed(plan)).toBe(true);
    // The first job, the chunk that takes the rung up after it, and two more at least.
    expect(plan.chunks.length).toBeGreaterThan(3);
    const chunked = await encodeChunks(plan, plan.chunks, file);
    const whole = await encodeChunks(plan, [WHOLE], file);

    for (const rung of plan.rungs) {
      const [parts, one] = [chunked.get(rung.id), whole.get(rung.id)];
      if (!parts || !one) throw new Error(`nothing of ${rung.id}`);
      // One init for all chunks, and no segment of two jobs.
      for (const init of parts.inits) expect(init.equals(one.inits[0] ?? Buffer.alloc(0))).toBe(true);
      expect(parts.segments.map(({ number }) => number)).toEqual(one.segments.map(({ number }) => number));
      expect(parts.segments.map(({ startTicks }) => startTicks)).toEqual(
        one.segments.map(({ startTicks }) => startTicks),
      );
      // Each frame's time and content, with nothing lost in encoding.
      const [stitched, expected] = [await frames(await stitch(parts)), await frames(await stitch(one))];
      expect(stitched).toHaveLength(expected.length);
      expect(stitched).toEqual(expected);
      const step = rung.timescale / toNumber(plan.rate);
      expect(stitched.findIndex(({ pts }, n) => pts !== n * step)).toBe(-1);
      // No two alike where the source has none: what is equal here is no accident of still pictures.
      expect(new Set(stitched.map(({ hash }) => hash)).size).toBeGreaterThan(200);
    }
  });
});
