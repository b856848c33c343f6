import { type Logger, type Metrics } from '@kinora/service';
import { setTimeout as delay } from 'node:timers/promises';
import { type QueueMessage, deliver } from './delivery';
import { type RetrySeconds, pollPauseMs } from './pauses';
import { type Received, createQueue } from './queue';

export interface QueueConsumerOptions {
  readonly queueUrl: string;
  readonly region: string;
  /** Another endpoint than AWS's. */
  readonly endpoint?: string | undefined;
  /** Messages at work at a time; 4 unless told. */
  readonly concurrency?: number;
  /** After this many seconds a message whose consumer has died is delivered again; 60 unless told. Extended while a handler is at work. */
  readonly visibilitySeconds?: number;
  /** Pauses before a failed message is delivered again; 5 s, doubled up to 15 min, unless told. */
  readonly retry?: RetrySeconds;
  /** How long `close` waits for handlers before it aborts them; 3 s unless told. */
  readonly closeSeconds?: number;
  /**
   * Must be safe to run twice for a message, at once with itself, and in any order. The message is deleted when it returns; when it throws,
   * the message comes again after a pause, and the queue's redrive policy brings it to the dead-letter queue in the end.
   */
  readonly handle: (message: QueueMessage, signal: AbortSignal) => Promise<void>;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

export interface QueueConsumer {
  /** Stops polling at once. Handlers at work may end, for a few seconds; then they are aborted and their messages given back. */
  close(): Promise<void>;
}

/** SQS gives no more at a time. */
const MOST = 10;

/**
 * Consumes a queue of SQS by long polling. A message is deleted only after its handler has succeeded, so nothing is lost; duplicates and
 * disorder are the handler's business. The queue must have a redrive policy, or poison circulates for as long as it keeps messages.
 */
export function startQueueConsumer({
  concurrency = 4,
  visibilitySeconds = 60,
  retry = { first: 5, longest: 900 },
  closeSeconds = 3,
  handle,
  metrics,
  logger,
  ...address
}: QueueConsumerOptions): QueueConsumer {
  const queue = createQueue(address);
  const stopped = new AbortController();
  const closing = new AbortController();
  const running = new Set<Promise<void>>();
  const stop = new Promise<void>((resolve) => stopped.signal.addEventListener('abort', () => resolve()));
  let failures = 0;

  const start = (message: Received): void => {
    const work = deliver(message, {
      ...{ queue, handle, visibilitySeconds, retry, metrics, logger },
      closing: closing.signal,
    });
    running.add(work);
    void work.finally(() => running.delete(work));
  };

  const poll = async (): Promise<void> => {
    try {
      const messages = await queue.receive(
        Math.min(concurrency - running.size, MOST),
        visibilitySeconds,
        stopped.signal,
      );
      if (failures > 0) logger.info({ queue: queue.name }, 'the queue answers again');
      failures = 0;
      messages.forEach(start);
    } catch (err) {
      if (stopped.signal.aborted) return;
      failures += 1;
      if (failures === 1) logger.warn({ err, queue: queue.name }, 'the queue does not answer; it is asked again');
      await delay(pollPauseMs(failures), undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  };

  const loop = (async () => {
    while (!stopped.signal.aborted) {
      if (running.size >= concurrency) await Promise.race([...running, stop]);
      else await poll();
    }
  })();

  return {
    async close() {
      stopped.abort();
      await loop;
      const patience = new AbortController();
      const over = delay(closeSeconds * 1_000, undefined, { signal: patience.signal }).catch(() => undefined);
      await Promise.race([Promise.all(running), over]);
      patience.abort();
      closing.abort('the consumer closes');
      await Promise.all(running);
      await queue.close();
    },
  };
}
