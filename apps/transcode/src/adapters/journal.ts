import { Counter, Histogram, type Logger, type Metrics } from '@kinora/service';
import { type Journal } from '../domain/ports';

const buckets = [1, 2, 5, 10, 20, 60, 180, 600, 1_800, 3_600, 14_400];

/** Every thing that happens becomes one log line and one count. */
export function createJournal(logger: Logger, metrics: Metrics): Journal {
  const registers = [metrics.registry];
  const encodings = new Counter({
    name: 'encodings_total',
    help: 'Encodings by what became of them',
    labelNames: ['outcome', 'code'],
    registers,
  });
  const recoveries = new Counter({
    name: 'encoding_recoveries_total',
    help: 'Lost work that was added again',
    registers,
  });
  const playable = new Histogram({
    name: 'encoding_playable_seconds',
    help: 'From upload to playable',
    buckets,
    registers,
  });
  const ready = new Histogram({ name: 'encoding_ready_seconds', help: 'From upload to ready', buckets, registers });
  return {
    accepted({ id, videoId }, { width, height, durationMs, engine }) {
      encodings.inc({ outcome: 'accepted', code: '' });
      const chosen = { engine: engine.name, engineReason: engine.reason };
      logger.info(
        { encodingId: id, videoId, width, height, durationMs, ...chosen },
        'source accepted, encoding planned',
      );
    },
    playable({ id, videoId }, ms) {
      playable.observe(ms / 1000);
      logger.info({ encodingId: id, videoId, ms }, 'video is playable');
    },
    ready({ id, videoId }, ms) {
      ready.observe(ms / 1000);
      encodings.inc({ outcome: 'ready', code: '' });
      logger.info({ encodingId: id, videoId, ms }, 'video is ready');
    },
    failed({ id, videoId }, { code, message }, reason) {
      encodings.inc({ outcome: 'failed', code });
      logger.warn(
        { encodingId: id, videoId, code, message, ...(reason !== undefined && { reason }) },
        'encoding ended without a video',
      );
    },
    remoteFailed({ id, videoId }, reason) {
      logger.warn({ encodingId: id, videoId, reason }, 'the job of the service has failed');
    },
    recovered({ id, videoId }, how) {
      recoveries.inc();
      logger.warn({ encodingId: id, videoId, how }, 'lost work was found');
    },
  };
}
