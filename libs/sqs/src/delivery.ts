import { newId } from '@kinora/contracts-common';
import { type Logger, type Metrics, withContext } from '@kinora/service';
import { setTimeout as delay } from 'node:timers/promises';
import { UnprocessableMessage, isPermanent } from './failure';
import { type RetrySeconds, redeliverySeconds } from './pauses';
import { type Queue, type Received, isNotOurs } from './queue';

export interface QueueMessage {
  readonly id: string;
  /** The body's JSON, not looked at any further. */
  readonly body: unknown;
  /** From 1; approximate, as all numbers of SQS. */
  readonly receiveCount: number;
}

export interface DeliveryParts {
  readonly queue: Queue;
  readonly handle: (message: QueueMessage, signal: AbortSignal) => Promise<void>;
  readonly visibilitySeconds: number;
  readonly retry: RetrySeconds;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Aborted when the consumer can't wait any longer for the work at hand. */
  readonly closing: AbortSignal;
}

/** How long after the abort of a closing consumer a handler may still end by itself. */
const LAST_MOMENT_MS = 500;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // Without the text: it may be anything, and long.
    throw new UnprocessableMessage('message.not_json', `The body of ${text.length} characters is no JSON.`, { cause });
  }
}

/** Keeps the message from others until stopped. The signal is aborted when it was lost to them all the same. */
function hold(message: Received, { queue, visibilitySeconds }: DeliveryParts): { lost: AbortSignal; stop(): void } {
  const lost = new AbortController();
  let heldUntil = Date.now() + visibilitySeconds * 1_000;
  const extend = async (): Promise<void> => {
    const asked = Date.now();
    if (asked >= heldUntil) return lost.abort('the message was lost');
    try {
      await queue.hide(message, visibilitySeconds);
      heldUntil = asked + visibilitySeconds * 1_000;
    } catch (error) {
      if (isNotOurs(error)) lost.abort('the message was lost');
    }
  };
  const timer = setInterval(() => void extend(), (visibilitySeconds * 1_000) / 3);
  return { lost: lost.signal, stop: () => clearInterval(timer) };
}

/** Hands one message to the handler and tells the queue how that went. Never rejects: what can't be told is redelivered. */
export async function deliver(message: Received, parts: DeliveryParts): Promise<void> {
  const { queue, handle, retry, metrics, logger, closing } = parts;
  const about = { queue: queue.name, messageId: message.id, receiveCount: message.receiveCount };
  const end = metrics.jobs.startTimer({ queue: queue.name, job: 'message' });
  const held = hold(message, parts);
  const signal = AbortSignal.any([closing, held.lost]);

  const work = async (): Promise<void> =>
    handle({ id: message.id, body: parse(message.text), receiveCount: message.receiveCount }, signal);
  const done = new AbortController();
  /** Only a handler that heeds no signal is left behind. */
  const leftBehind = async (): Promise<never> => {
    await new Promise<void>((resolve) => {
      if (closing.aborted) resolve();
      closing.addEventListener('abort', () => resolve(), { once: true, signal: done.signal });
    });
    await delay(LAST_MOMENT_MS, undefined, { signal: done.signal });
    throw new Error('still at work when the consumer closed');
  };
  const tell = (action: Promise<void>): Promise<void> =>
    action.catch((err: unknown) => logger.warn({ err, ...about }, 'the queue could not be told; it delivers again'));

  await withContext({ requestId: newId('req') }, async () => {
    try {
      await Promise.race([work(), leftBehind()]);
      held.stop();
      end({ outcome: 'ok' });
      await tell(queue.remove(message));
    } catch (err) {
      held.stop();
      if (closing.aborted) {
        end({ outcome: 'returned' });
        return tell(queue.hide(message, 0));
      }
      if (held.lost.aborted) {
        end({ outcome: 'returned' });
        return logger.warn({ err, ...about }, 'another consumer may have the message');
      }
      const permanent = isPermanent(err);
      end({ outcome: permanent ? 'refused' : 'error' });
      logger.warn({ err, ...about }, permanent ? 'message refused' : 'message not processed');
      await tell(queue.hide(message, permanent ? retry.longest : redeliverySeconds(message.receiveCount, retry)));
    } finally {
      done.abort();
    }
  });
}
