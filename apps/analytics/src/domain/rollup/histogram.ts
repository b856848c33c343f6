/** Relative error of a percentile read from the bins. */
export const ACCURACY = 0.02;
const GAMMA = (1 + ACCURACY) / (1 - ACCURACY);
const LOG_GAMMA = Math.log(GAMMA);

/**
 * How many values fell into bin i = (γ^(i−1), γ^i], with one fixed γ for ever: bins of two histograms add up exactly, so hours make days
 * without loss (the log-histogram of DDSketch, Masson et al. 2019).
 */
export type Bins = Readonly<Record<string, number>>;

/** The bin of a value in milliseconds; all up to 1 ms are one bin. */
export const binOf = (value: number): number => (value <= 1 ? 0 : Math.ceil(Math.log(value) / LOG_GAMMA));

/** The value that is within 2 % of everything in a bin. */
const valueOf = (bin: number): number => (bin === 0 ? 1 : (2 * GAMMA ** bin) / (GAMMA + 1));

/** The q-quantile by nearest rank: the least value that at least q of all values do not exceed. Null without values. */
export function quantile(bins: Bins, q: number): number | null {
  const ordered = Object.entries(bins)
    .map(([bin, count]) => ({ bin: Number(bin), count }))
    .sort((a, b) => a.bin - b.bin);
  const total = ordered.reduce((sum, { count }) => sum + count, 0);
  const rank = Math.max(1, Math.ceil(q * total));
  let seen = 0;
  for (const { bin, count } of ordered) {
    seen += count;
    if (seen >= rank) return Math.round(valueOf(bin));
  }
  return null;
}
