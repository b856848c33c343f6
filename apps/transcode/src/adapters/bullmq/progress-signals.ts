import { newId } from '@kinora/contracts-common';
import { type EncodingProgress, encodingProgress } from '@kinora/contracts-transcode';
import { type createSignals } from '@kinora/jobs';
import { type Logger } from '@kinora/service';
import { type ProgressSignals } from '../../domain/ports';

/**
 * Tells how far encodings are, all in one signal, at once or else with the others when `intervalMs` have passed since the last; so
 * the price does not grow with their number. The last value of a burst always goes out. Nobody waits for Redis.
 */
export function createProgressSignals(
  signals: Pick<ReturnType<typeof createSignals>, 'send' | 'close'>,
  logger: Logger,
  intervalMs = 5_000,
): ProgressSignals & { close(): Promise<void> } {
  const waiting = new Map<string, EncodingProgress>();
  let pause: NodeJS.Timeout | undefined;

  const send = (): void => {
    pause = undefined;
    if (waiting.size === 0) return;
    const encodings = [...waiting.values()];
    waiting.clear();
    pause = setTimeout(send, intervalMs);
    pause.unref();
    signals
      .send(encodingProgress, newId('evt'), { encodings })
      .catch((err: unknown) => logger.debug({ err }, 'progress not sent'));
  };

  return {
    progressed({ id, videoId }, progress, secondsLeft) {
      const most = Math.max(progress, waiting.get(id)?.progress ?? 0);
      waiting.set(id, { videoId, encodingId: id, progress: most, estimatedSecondsLeft: secondsLeft });
      if (!pause) send();
    },
    async close() {
      clearTimeout(pause);
      waiting.clear();
      await signals.close();
    },
  };
}
