import { type EventSpec, type Subscriber, eventQueue } from '@kinora/contracts-common';
import { type EventEnvelope } from '@kinora/database';
import { type Logger, type Metrics, traced } from '@kinora/service';
import { type JobsOptions, Queue, Worker } from 'bullmq';
import { type Redis } from 'ioredis';
import { type z } from 'zod';
import { inContextOf } from './envelope';
import { PermanentFailure } from './failure';
import { measureQueues } from './queue-metrics';
import { ASK_AGAIN_S } from './worker';

/** Patient: an outage of hours costs no event. What fails to the end stays in the queue's failed set. */
export const eventOptions = (id: string): JobsOptions => ({
  jobId: id,
  attempts: 200,
  backoff: { type: 'custom' },
  removeOnComplete: { age: 86_400, count: 10_000 },
  removeOnFail: false,
});

export interface EventHandler {
  readonly name: string;
  run(envelope: EventEnvelope): Promise<void>;
}

/** Binds an event to its handler, which must be safe to run twice and in any order. */
export const on = <D extends z.ZodType>(
  event: EventSpec<D>,
  work: (data: z.output<D>, meta: { id: string; occurredAt: string }) => Promise<unknown>,
): EventHandler => ({
  name: event.name,
  async run(envelope) {
    const parsed = event.data.safeParse(envelope.data);
    if (!parsed.success) throw new PermanentFailure('event.payload_invalid', parsed.error.message);
    await work(parsed.data, { id: envelope.id, occurredAt: envelope.occurredAt });
  },
});

/** Consumes the events of a service. An event without a handler is passed over: it may be newer than this version. */
export function consumeEvents(
  service: Subscriber,
  handlers: readonly EventHandler[],
  {
    connection,
    metrics,
    logger,
    concurrency = 4,
  }: { connection: Redis; metrics: Metrics; logger: Logger; concurrency?: number },
): { close(): Promise<void> } {
  const queue = eventQueue(service);
  const byName = new Map(handlers.map((one) => [one.name, one]));
  const worker = new Worker(
    queue,
    async (job) => {
      const envelope = job.data as EventEnvelope;
      const handler = byName.get(envelope.name);
      if (!handler) return;
      const end = metrics.jobs.startTimer({ queue, job: envelope.name });
      await inContextOf(envelope, envelope.data, async () => {
        try {
          await traced(envelope.name, { kind: 'consumer', attributes: { queue, event: envelope.id } }, () =>
            handler.run(envelope),
          );
          end({ outcome: 'ok' });
        } catch (err) {
          end({ outcome: 'error' });
          logger.warn(
            { err, event: envelope.name, eventId: envelope.id, attempt: job.attemptsMade + 1 },
            'event not processed',
          );
          throw err;
        }
      });
    },
    {
      connection,
      concurrency,
      lockDuration: 10_000,
      stalledInterval: 5_000,
      maxStalledCount: 1_000,
      drainDelay: ASK_AGAIN_S,
      settings: { backoffStrategy: (attempt) => Math.min(250 * 2 ** attempt, 60_000) },
    },
  );
  worker.on('error', (err) => logger.warn({ err, queue }, 'worker error'));
  const gauge = measureQueues([queue], connection, metrics);
  return {
    async close() {
      await worker.close();
      await gauge.close();
    },
  };
}

/** Sends events that may be lost, because the next one replaces them: straight to the queues, without the outbox. */
export function createSignals(connection: Redis): {
  send<D extends z.ZodType>(event: EventSpec<D>, id: string, data: z.input<D>): Promise<void>;
  close(): Promise<void>;
} {
  const queues = new Map<string, Queue>();
  const queueOf = (name: string): Queue => {
    const known = queues.get(name) ?? new Queue(name, { connection });
    queues.set(name, known);
    return known;
  };
  return {
    async send(event, id, data) {
      const envelope: EventEnvelope = {
        id,
        name: event.name,
        occurredAt: new Date().toISOString(),
        data: event.data.parse(data),
        context: {},
      };
      await Promise.all(
        event.subscribers.map((subscriber) =>
          queueOf(eventQueue(subscriber)).add(event.name, envelope, {
            jobId: id,
            attempts: 1,
            removeOnComplete: true,
            removeOnFail: true,
          }),
        ),
      );
    },
    close: async () => void (await Promise.all([...queues.values()].map((queue) => queue.close()))),
  };
}
