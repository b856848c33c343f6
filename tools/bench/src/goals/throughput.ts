import { chunkedPlan, encodeChunk } from '../chunks';
import { costOf } from '../cost';
import { sample } from '../sources';
import { type BenchOptions, type Figure, type Measurement, figureOf, interleaved } from './goal';

/** Whether a second encoder doubles what is encoded. */
export const throughput: Measurement = {
  goals: { G22: 'chunks a second of two encoders with one thread each ÷ twice those of one: ≥ 0.9' },
  async run(_wanted, { runs, quick }: BenchOptions): Promise<Record<string, Figure>> {
    const file = await sample({ seconds: quick ? 12 : 60 });
    const plan = chunkedPlan(file, quick ? 4 : 15, 2);
    // Neither the beginning nor the open end: chunks of one length.
    const [a, b] = plan.chunks.filter((chunk) => chunk.startFrame > 0 && chunk.endFrame !== null);
    if (!a || !b) throw new Error('the source is too short');
    const one = async (): Promise<number> => (await costOf(() => encodeChunk(plan, a, file, 1))).wall;
    const both = () => Promise.all([a, b].map((chunk) => encodeChunk(plan, chunk, file, 1)));
    const two = async (): Promise<number> => (await costOf(both)).wall;
    // Seconds for a chunk: fewer are more throughput, so the ratio is turned over.
    const rounds = (await interleaved(runs, two, one)).map(({ ours, baseline, again }) => ({
      ...{ ours: 1 / ours, baseline: 1 / baseline, again: 1 / again },
    }));
    return { G22: figureOf(rounds, (ratio) => ratio >= 0.9, { chunksPerSecond: rounds }) };
  },
};
