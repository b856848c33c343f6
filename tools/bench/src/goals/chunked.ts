import { type BenchOptions, type Figure, type Measurement, figureOf, interleaved } from './goal';
import { type Cost, costOf } from '../cost';
import { pipelineOf } from '../pipeline';
import { wholePlatform } from '../platform';
import { median } from '../report';
import { planOf, sample } from '../sources';
import { bareCpu } from './ladder';

/** A long source in chunks, by the two jobs at a time that the platform's encoder takes on two cores. */
export const chunked: Measurement = {
  goals: {
    G3: 'CPU of the pipeline in chunks ÷ one bare ffmpeg, 120 s of 1080p: ≤ 1.05; wall time ÷ half of that CPU: ≤ 1.10',
  },
  async run(_wanted, { runs, quick }: BenchOptions): Promise<Record<string, Figure>> {
    const file = await sample({ seconds: quick ? 12 : 120 });
    await using platform = await wholePlatform({
      env: { transcode: { TRANSCODE_CHUNK_SECONDS: quick ? '6' : '20' }, encoder: { ENCODER_CONCURRENCY: '2' } },
    });
    const pipeline = await pipelineOf(platform);
    const costs: Cost[] = [];
    const ours = async (): Promise<number> => {
      const prepared = await pipeline.upload(file);
      const cost = await costOf(() => pipeline.untilReady(prepared));
      costs.push(cost);
      return cost.cpu;
    };
    const rounds = await interleaved(runs, ours, bareCpu(planOf(file), file));
    const wall = median(costs.map((cost) => cost.wall / (cost.cpu / 2)));
    const detail = { wallRatio: wall, cpuSeconds: rounds, costs };
    return { G3: figureOf(rounds, (ratio) => ratio <= 1.05 && wall <= 1.1, detail) };
  },
};
