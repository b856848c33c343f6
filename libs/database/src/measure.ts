import { Counter, Gauge, type Metrics, withTimeout } from '@kinora/service';
import { type Knex } from 'knex';
import { type Database } from './database';
import { unpublished } from './outbox';

/** What of tarn's pool, which knex keeps to itself, is looked at. */
interface Pool {
  readonly max: number;
  numUsed(): number;
  numFree(): number;
  numPendingAcquires(): number;
  on(event: 'acquireFail', listener: () => void): void;
}
const poolOf = (connected: Knex): Pool => (connected.client as { pool: Pool }).pool;

/** Shows how full the pools of connections are. */
export function measurePools(db: Pick<Database, 'writer' | 'reader'>, { registry }: Metrics): void {
  const registers = [registry];
  const pools = new Map([['writer', poolOf(db.writer)]]);
  if (db.reader !== db.writer) pools.set('reader', poolOf(db.reader));
  new Gauge({
    name: 'database_connections',
    help: 'Connections of a pool at work and idle, and requests that wait for one',
    labelNames: ['pool', 'state'],
    registers,
    collect() {
      for (const [name, pool] of pools) {
        this.set({ pool: name, state: 'used' }, pool.numUsed());
        this.set({ pool: name, state: 'free' }, pool.numFree());
        this.set({ pool: name, state: 'waiting' }, pool.numPendingAcquires());
      }
    },
  });
  new Gauge({
    name: 'database_connections_max',
    help: 'Connections that a pool may open',
    labelNames: ['pool'],
    registers,
    collect() {
      for (const [name, { max }] of pools) this.set({ pool: name }, max);
    },
  });
  const refused = new Counter({
    name: 'database_acquire_failures_total',
    help: 'Requests that got no connection in time',
    labelNames: ['pool'],
    registers,
  });
  for (const [name, pool] of pools) {
    refused.inc({ pool: name }, 0);
    pool.on('acquireFail', () => refused.inc({ pool: name }));
  }
}

/** Shows how many events wait in the outbox, and since when; asked when metrics are, and nothing while the database is away. */
export function measureOutbox(db: Pick<Database, 'writer'>, { registry }: Metrics): void {
  let asking: ReturnType<typeof unpublished> | undefined;
  /** Both gauges are collected at once: one question answers both. */
  const ask = (): ReturnType<typeof unpublished> =>
    (asking ??= withTimeout(unpublished(db.writer), 1_000).finally(() => (asking = undefined)));
  const gauge = (name: string, help: string, valueOf: (answer: Awaited<ReturnType<typeof unpublished>>) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        await ask().then(
          (answer) => this.set(valueOf(answer)),
          () => this.remove(),
        );
      },
    });
  gauge('outbox_events', 'Events that are not in their queues yet', ({ count }) => count);
  gauge('outbox_oldest_seconds', 'Age of the oldest event that is not in its queues yet', (one) => one.oldestSeconds);
}
