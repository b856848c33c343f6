import { type EncodingPlan } from '@kinora/media';
import { freshDir } from '@kinora/testing';
import { bareCommand, naiveCommands } from '../bare';
import { costOf, run } from '../cost';
import { pipelineOf } from '../pipeline';
import { wholePlatform } from '../platform';
import { planOf, sample } from '../sources';
import { type BenchOptions, type Figure, type Measurement, figureOf, interleaved } from './goal';

/** CPU seconds of one command that decodes once. */
export const bareCpu = (plan: EncodingPlan, file: string) => async (): Promise<number> =>
  (await costOf(() => run('ffmpeg', bareCommand(plan, file, freshDir('bare'))))).cpu;

/** CPU seconds of one command after the other, each of which decodes anew for its rung. */
const naiveCpu = (plan: EncodingPlan, file: string) => async (): Promise<number> => {
  const cost = await costOf(async () => {
    for (const command of naiveCommands(plan, file, freshDir('naive'))) await run('ffmpeg', command);
  });
  return cost.cpu;
};

/** The whole pipeline, from the completion of the upload to *ready*, every process counted. */
export const ladder: Measurement = {
  goals: {
    G1: 'CPU of the pipeline ÷ one bare ffmpeg that decodes once, 60 s of 1080p in one piece: ≤ 1.03',
    G2: 'the same ÷ one ffmpeg a rung: ≤ 0.82',
  },
  async run(wanted, { runs, quick, say }: BenchOptions): Promise<Record<string, Figure>> {
    const file = await sample({ seconds: quick ? 6 : 60 });
    const plan = planOf(file);
    await using platform = await wholePlatform({ env: { transcode: { TRANSCODE_CHUNK_SECONDS: '0' } } });
    const pipeline = await pipelineOf(platform);
    const ours = async (): Promise<number> => {
      const prepared = await pipeline.upload(file);
      return (await costOf(() => pipeline.untilReady(prepared))).cpu;
    };
    const figures: Record<string, Figure> = {};
    if (wanted.has('G1')) {
      say('G1: the pipeline and a bare ffmpeg in turns');
      const rounds = await interleaved(runs, ours, bareCpu(plan, file));
      figures['G1'] = figureOf(rounds, (ratio) => ratio <= 1.03, { cpuSeconds: rounds });
    }
    if (wanted.has('G2')) {
      say('G2: the pipeline and one ffmpeg a rung in turns');
      const rounds = await interleaved(runs, ours, naiveCpu(plan, file));
      figures['G2'] = figureOf(rounds, (ratio) => ratio <= 0.82, { cpuSeconds: rounds });
    }
    return figures;
  },
};
