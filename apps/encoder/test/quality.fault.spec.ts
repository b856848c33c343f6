import { freshDir } from '@kinora/testing';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { WHOLE, chunkedPlan, encodeChunks, seamSources, stitch } from './seams';

jest.setTimeout(900_000);

/** Similarity to the source of every frame of a file. */
async function similarity(file: string, source: string): Promise<number[]> {
  const stats = path.join(freshDir('ssim'), 'stats');
  const graph = `[1:v:0]format=yuv420p[s];[0:v:0][s]ssim=stats_file=${stats}`;
  await promisify(execFile)('ffmpeg', ['-v', 'error', '-i', file, '-i', source, '-filter_complex', graph, '-f', 'null', '-']); // prettier-ignore
  const lines = (await readFile(stats, 'utf8')).trim().split('\n');
  return lines.map((line) => Number(/All:([\d.]+)/.exec(line)?.[1]));
}
const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;

it('looks at seams as it does elsewhere, and as in one piece', async () => {
  const file = await seamSources.cfr25();
  const plan = await chunkedPlan(file, 7);
  const [top] = plan.rungs;
  const [chunked, whole] = [await encodeChunks(plan, plan.chunks, file, { lossy: true }), await encodeChunks(plan, [WHOLE], file, { lossy: true })]; // prettier-ignore
  const [parts, one] = [chunked.get(top?.id ?? ''), whole.get(top?.id ?? '')];
  if (!parts || !one) throw new Error('nothing was encoded');
  const [ours, theirs] = [await similarity(await stitch(parts), file), await similarity(await stitch(one), file)];
  expect(ours).toHaveLength(theirs.length);
  expect(mean(theirs) - mean(ours)).toBeLessThanOrEqual(0.001);
  const seams = plan.chunks.map((chunk) => chunk.endFrame).filter((frame) => frame !== null);
  expect(seams.length).toBeGreaterThan(2);
  for (const seam of seams)
    for (const frame of ours.slice(seam - 5, seam + 5)) expect(mean(ours) - frame).toBeLessThanOrEqual(0.01);
});
