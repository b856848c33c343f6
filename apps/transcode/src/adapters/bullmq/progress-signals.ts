import { newId } from '@kinora/contracts-common';
import { encodingProgress } from '@kinora/contracts-transcode';
import { type createSignals } from '@kinora/jobs';
import { type Logger } from '@kinora/service';
import { type ProgressSignals, type Ref } from '../../domain/ports';

interface Pending {
  readonly ref: Ref;
  sent: number;
  latest: number;
  secondsLeft: number | null;
  timer: NodeJS.Timeout | undefined;
}

/** Sends the progress of each encoding at most once in `intervalMs`; the last value of a burst always goes out. Nobody waits for Redis. */
export function createProgressSignals(
  signals: ReturnType<typeof createSignals>,
  logger: Logger,
  intervalMs = 5_000,
): ProgressSignals & { close(): Promise<void> } {
  const all = new Map<string, Pending>();

  const send = (one: Pending): void => {
    if (one.latest <= one.sent) {
      all.delete(one.ref.id);
      return;
    }
    one.sent = one.latest;
    one.timer = setTimeout(() => send(one), intervalMs);
    one.timer.unref();
    signals
      .send(encodingProgress, newId('evt'), {
        ...{ videoId: one.ref.videoId, encodingId: one.ref.id, progress: one.sent },
        estimatedSecondsLeft: one.secondsLeft,
      })
      .catch((err: unknown) => logger.debug({ err }, 'progress not sent'));
  };

  return {
    progressed(ref, progress, secondsLeft) {
      const known = all.get(ref.id);
      if (known) {
        known.latest = Math.max(known.latest, progress);
        known.secondsLeft = secondsLeft;
        return;
      }
      const one: Pending = { ref, sent: -1, latest: progress, secondsLeft, timer: undefined };
      all.set(ref.id, one);
      send(one);
    },
    async close() {
      for (const one of all.values()) clearTimeout(one.timer);
      all.clear();
      await signals.close();
    },
  };
}
