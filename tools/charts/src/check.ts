import { type Toolchain } from '@kinora/backends';
import { type Rendering } from './render';

export interface Context {
  /** The chart as each set of values makes it. */
  readonly renderings: readonly Rendering[];
  readonly helm: string;
  readonly signal: AbortSignal;
}

/** What a check found: how many things it looked at without finding anything, and what is wrong, one text each. */
export interface Findings {
  readonly passed: number;
  readonly problems: readonly string[];
  readonly skipped?: number;
}

export interface Check {
  readonly name: string;
  /** What must be on the machine to bring its tools. Without it the check is skipped, and said to be. */
  readonly needs: readonly Toolchain[];
  /** Whether what it finds fine are tests; a checker that looks at thousands of things is one test all the same. */
  readonly countsTests?: boolean;
  run(context: Context): Promise<Findings>;
}

/** Findings of things of which each is right or wrong. */
export const findings = (outcomes: readonly (string | undefined)[]): Findings => {
  const problems = outcomes.filter((outcome) => outcome !== undefined);
  return { passed: outcomes.length - problems.length, problems };
};
