import { inApp } from '../in-app';
import { type BenchOptions, type Figure, type Measurement, figureOf } from './goal';

/** CPU seconds of the process that adds jobs, and of the queue's server. */
interface Spent {
  readonly adder: number;
  readonly server: number;
}
type Spending = Readonly<Record<'baseline' | 'ours' | 'again', Spent>>;

/** What it takes to hand out an encoding, beside adding as many jobs that know nothing of each other. */
export const enqueue: Measurement = {
  goals: { G13: 'CPU of adding a job graph, the queue included, ÷ addBulk of as many jobs: ≤ 1.6' },
  async run(_wanted, { runs, quick }: BenchOptions): Promise<Record<string, Figure>> {
    const options = { rounds: Math.max(5, runs), graphs: quick ? 50 : 1_200 };
    const found = await inApp<Spending[]>('apps/transcode/bench/enqueue.ts', options);
    const of = (cpu: (spent: Spent) => number) =>
      found.map(({ baseline, ours, again }) => ({ baseline: cpu(baseline), ours: cpu(ours), again: cpu(again) }));
    const met = (ratio: number): boolean => ratio <= 1.6;
    const both = of(({ adder, server }) => adder + server);
    const adderAlone = figureOf(
      of(({ adder }) => adder),
      met,
    ).ratio;
    return { G13: figureOf(both, met, { cpuSeconds: found, adderAlone }) };
  },
};
