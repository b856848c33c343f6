import { type Metrics } from '@kinora/contracts-analytics';
import { HOUR_MS } from '../calendar';
import { type Bins, quantile } from './histogram';
import { type Rollup } from './rollup';
import { ViewerSet } from './viewers';

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

function percentiles(bins: Bins): Metrics['startup'] {
  const at = (q: number): number => quantile(bins, q) ?? 0;
  return quantile(bins, 0.5) === null ? null : { p50: at(0.5), p75: at(0.75), p95: at(0.95) };
}

export function uniqueOf(rollup: Rollup): { viewers: number; exact: boolean } {
  const set = new ViewerSet();
  set.addAll(rollup.viewers);
  return { viewers: set.size, exact: set.isExact };
}

/** The numbers of docs/metrics.md from what is kept of a period. */
export function metricsOf(rollup: Rollup, peakConcurrent: number): Metrics {
  const { sums } = rollup;
  return {
    attempts: sums.attempts,
    plays: sums.plays,
    views: sums.views,
    uniqueViewers: uniqueOf(rollup).viewers,
    playingMs: sums.playing,
    watchMs: sums.playing + sums.stall + sums.seek,
    coveredMs: sums.covered,
    averageViewed: ratio(sums.viewedCovered, sums.viewedDuration),
    finishRate: ratio(sums.finishes, sums.viewedPlays),
    startup: percentiles(rollup.startup),
    exitsBeforeStart: sums.exitsBeforeStart,
    rebufferRatio: ratio(sums.stall, sums.stall + sums.playing),
    rebufferPerHour: ratio(sums.stalls * HOUR_MS, sums.playing),
    switchesUp: sums.switchesUp,
    switchesDown: sums.switchesDown,
    errors: sums.errors,
    startFailures: sums.startFailures,
    playbackFailures: sums.playbackFailures,
    droppedFrameRatio: ratio(sums.framesDropped, sums.framesDecoded),
    rungMs: { ...rollup.rungs },
    peakConcurrent,
  };
}
