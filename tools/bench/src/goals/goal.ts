import { median } from '../report';

/** How a goal is measured this time. */
export interface BenchOptions {
  /** Rounds; each runs what is compared once, and the baseline twice. */
  readonly runs: number;
  /** Sources a tenth as long: shows that a measurement works, not what it would show. */
  readonly quick: boolean;
  /** Says what is going on, on standard error. */
  readonly say: (text: string) => void;
}

/** What was found. Ratios are dimensionless unless the goal says otherwise. */
export interface Figure {
  /** Median of the rounds. */
  readonly ratio: number;
  readonly min: number;
  readonly max: number;
  /** The same ratio of the baseline to itself: what of a difference is noise. Null where nothing is timed. */
  readonly control: number | null;
  readonly met: boolean;
  /** What was compared, and further numbers of use to a reader. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** One measurement; it may answer for several goals that share their runs. */
export interface Measurement {
  /** Ids of the goals (`G1`), and what each demands, in words. */
  readonly goals: Readonly<Record<string, string>>;
  /** Measures those of its goals that are `wanted`; it may return more. */
  run(wanted: ReadonlySet<string>, options: BenchOptions): Promise<Record<string, Figure>>;
}

export interface Round {
  readonly ours: number;
  readonly baseline: number;
  /** The baseline once more. */
  readonly again: number;
}

/**
 * Runs ours, the baseline and the baseline again in turns, in reverse order every other round, so that a machine that grows
 * slower or faster meanwhile harms all alike.
 */
export async function interleaved(
  runs: number,
  ours: () => Promise<number>,
  baseline: () => Promise<number>,
): Promise<Round[]> {
  const rounds: Round[] = [];
  for (let n = 0; n < runs; n++) {
    const measured = { ours: 0, baseline: 0, again: 0 };
    const order = ['baseline', 'ours', 'again'] as const;
    for (const what of n % 2 === 0 ? order : order.toReversed())
      measured[what] = await (what === 'ours' ? ours() : baseline());
    rounds.push(measured);
  }
  return rounds;
}

/** A figure of rounds, with the control beside it. */
export function figureOf(
  rounds: readonly Round[],
  met: (ratio: number) => boolean,
  detail?: Record<string, unknown>,
): Figure {
  const ratios = rounds.map(({ ours, baseline, again }) => ours / ((baseline + again) / 2));
  const ratio = median(ratios);
  return {
    ...{ ratio, min: Math.min(...ratios), max: Math.max(...ratios) },
    control: median(rounds.map(({ baseline, again }) => again / baseline)),
    met: met(ratio),
    ...(detail && { detail }),
  };
}

/** A figure that no clock is needed for. */
export const exactly = (ratio: number, met: boolean, detail?: Record<string, unknown>): Figure => ({
  ...{ ratio, min: ratio, max: ratio, control: null, met },
  ...(detail && { detail }),
});
