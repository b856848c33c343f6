import { inApp } from '../in-app';
import { type BenchOptions, type Figure, type Measurement, type Round, figureOf } from './goal';

/** What it takes to hand out an encoding, beside adding as many jobs that know nothing of each other. */
export const enqueue: Measurement = {
  goals: { G13: 'CPU of adding a job graph ÷ addBulk of as many jobs: ≤ 1.6' },
  async run(_wanted, { runs, quick }: BenchOptions): Promise<Record<string, Figure>> {
    const options = { rounds: Math.max(5, runs), graphs: quick ? 50 : 1_200 };
    const rounds = await inApp<Round[]>('apps/transcode/bench/enqueue.ts', options);
    return { G13: figureOf(rounds, (ratio) => ratio <= 1.6, { cpuSeconds: rounds }) };
  },
};
