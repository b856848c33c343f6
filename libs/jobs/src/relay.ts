import { type Subscriber, eventQueue } from '@kinora/contracts-common';
import {
  type Database,
  markPublished,
  outboxChannel,
  pruneEvents,
  takeUnpublished,
  unpublishRecent,
} from '@kinora/database';
import { type Logger } from '@kinora/service';
import { Queue } from 'bullmq';
import { type Redis } from 'ioredis';
import { Client } from 'pg';
import { eventOptions } from './events';

const BATCH = 200;
/** A safety net: the relay is woken by NOTIFY, which reaches it unless it was away. */
const SWEEP_MS = 30_000;
/** How soon a lost connection for notifications is opened again, and a failed publication tried again. */
const REPAIR_MS = 5_000;
const PRUNE_MS = 3_600_000;

export interface Relay {
  close(): Promise<void>;
}

/**
 * Carries events from a service's outbox to the queues of their subscribers, with the event's id as job id. Woken at every commit that
 * published, on reconnecting, and every half minute. When Redis has lost its memory (its marker is gone), the last week goes out again.
 */
export function startRelay(db: Database, connection: Redis, logger: Logger): Relay {
  const queues = new Map<string, Queue>();
  const queueOf = (subscriber: string): Queue => {
    const known = queues.get(subscriber) ?? new Queue(eventQueue(subscriber as Subscriber), { connection });
    queues.set(subscriber, known);
    return known;
  };
  const marker = `kinora:relay:${db.schema}`;
  let closed = false;
  let running: Promise<void> | undefined;
  let again = false;
  let failed = false;
  let listener: Client | undefined;
  let prunedAt = 0;

  const refillAfterLoss = async (): Promise<void> => {
    if ((await connection.set(marker, new Date().toISOString(), 'NX')) === null) return;
    const count = await unpublishRecent(db.writer);
    if (count > 0) logger.warn({ count }, 'Redis was empty: publishing the events of the last week again');
  };

  const publishBatch = (): Promise<number> =>
    db.transaction(async (trx) => {
      const events = await takeUnpublished(trx, BATCH);
      const bySubscriber = new Map<string, typeof events>();
      for (const event of events)
        for (const s of event.subscribers) bySubscriber.set(s, [...(bySubscriber.get(s) ?? []), event]);
      await Promise.all(
        [...bySubscriber].map(([subscriber, list]) =>
          queueOf(subscriber).addBulk(
            list.map(({ subscribers: _, ...envelope }) => ({
              name: envelope.name,
              data: envelope,
              opts: eventOptions(envelope.id),
            })),
          ),
        ),
      );
      if (events.length > 0)
        await markPublished(
          trx,
          events.map((event) => event.id),
        );
      return events.length;
    });

  const drain = async (): Promise<void> => {
    // While Redis is away, waiting inside a transaction would hold row locks.
    if (connection.status !== 'ready') return;
    await refillAfterLoss();
    while (!closed && (await publishBatch()) === BATCH);
    if (Date.now() - prunedAt > PRUNE_MS) {
      prunedAt = Date.now();
      await pruneEvents(db.writer);
    }
  };

  const wake = (): void => {
    if (closed) return;
    if (running) {
      again = true;
      return;
    }
    failed = false;
    running = drain()
      .catch((err: unknown) => {
        failed = true;
        logger.warn({ err }, 'the outbox could not be published; trying again');
      })
      .finally(() => {
        running = undefined;
        if (again) {
          again = false;
          wake();
        }
      });
  };

  const listen = async (): Promise<void> => {
    const client = new Client({ ...db.connection, application_name: `kinora-${db.schema}-relay` });
    client.on('notification', wake);
    // The connection is gone: the sweep opens another.
    client.on('error', () => (listener = undefined));
    client.on('end', () => (listener = undefined));
    await client.connect();
    await client.query(`listen ${client.escapeIdentifier(outboxChannel(db.schema))}`);
    listener = client;
    wake();
  };

  // Listening begins with a look at what is there: notifications of the time before are lost.
  const repair = (): void => {
    if (failed) wake();
    if (!listener) listen().catch((err: unknown) => logger.warn({ err }, 'no notifications from the database'));
  };
  const timers = [setInterval(repair, REPAIR_MS), setInterval(wake, SWEEP_MS)];
  connection.on('ready', wake);
  repair();

  return {
    async close() {
      closed = true;
      for (const timer of timers) clearInterval(timer);
      connection.off('ready', wake);
      await running;
      await listener?.end();
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}
