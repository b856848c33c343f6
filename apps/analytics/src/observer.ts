import { Counter, Gauge, Histogram, type Logger, type Metrics } from '@kinora/service';
import { type LiveHub } from './domain/live/live-hub';
import { type Observer } from './domain/ports';
import { createPlaybackCounters } from './playback-counters';

/** What operators see of this service's work: counters with few labels, and a line for what went wrong beside a request. */
export function createObserver({ registry }: Metrics, logger: Logger): Observer {
  const registers = [registry];
  const beacons = new Counter({
    name: 'analytics_beacons_total',
    help: 'Beacons by what became of them, and why',
    labelNames: ['outcome', 'reason'],
    registers,
  });
  const rollups = new Histogram({
    name: 'analytics_rollup_seconds',
    help: 'Computing and replacing one rollup',
    labelNames: ['level'],
    buckets: [0.005, 0.025, 0.1, 0.5, 2, 10, 60],
    registers,
  });
  return {
    beacons: (outcome, reason, count) => beacons.inc({ outcome, reason }, count),
    rollup: (level, seconds) => rollups.observe({ level }, seconds),
    session: createPlaybackCounters(registers),
    problem: (what, err) => logger.warn({ err, what }, 'beside a request'),
  };
}

export const observeLive = ({ registry }: Metrics, hub: LiveHub): Gauge =>
  new Gauge({
    name: 'analytics_live_videos',
    help: 'Videos whose live viewers are watched here',
    registers: [registry],
    collect() {
      this.set(hub.watched);
    },
  });
