import { createApp, createBase, createIdempotency, createMetrics, listen } from '@kinora/service';
import { defineEvent } from '@kinora/contracts-common';
import { type TestDatabase, eventuallyHolds, testDatabase } from '@kinora/testing';
import { type Response, Router } from 'express';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import { z } from 'zod';
import {
  type Database,
  createDatabase,
  createIdempotencyStore,
  createOutbox,
  idempotencyMigration,
  isUniqueViolation,
  markPublished,
  measureOutbox,
  measurePools,
  migrate,
  once,
  outboxMigration,
  rollBack,
  takeUnpublished,
  unpublishRecent,
} from '../src/index';

const migrations = [outboxMigration, idempotencyMigration];
const happened = defineEvent({ name: 'test.happened.v1', data: z.object({ n: z.int() }), subscribers: ['catalog'] });

let server: TestDatabase;
let db: Database;

beforeAll(async () => {
  server = await testDatabase();
  db = createDatabase({ settings: { DATABASE_URL: server.url }, schema: 'sample' });
});
afterAll(async () => {
  await db.close();
  await server.drop();
});

const tables = async () =>
  (
    await db.writer
      .select<{ table_name: string }[]>('table_name')
      .from('information_schema.tables')
      .where({ table_schema: 'sample' })
  )
    .map((row) => row.table_name)
    .sort();

describe('migrations', () => {
  it('go up, down and up again', async () => {
    expect(await migrate(db, migrations)).toEqual(['0000-outbox', '0000-idempotency']);
    const after = await tables();
    await rollBack(db, migrations);
    expect(await tables()).toEqual(['schema_migrations']);
    await migrate(db, migrations);
    expect(await tables()).toEqual(after);
  });

  it('are applied once by replicas that start together', async () => {
    const counted = {
      name: '0001-counted',
      up: jest.fn((trx: typeof db.writer) => trx.schema.createTable('counted', (t) => void t.text('id').primary())),
      down: () => Promise.resolve(),
    };
    const applied = await Promise.all([1, 2, 3].map(() => migrate(db, [...migrations, counted])));
    expect(applied.flat()).toEqual(['0001-counted']);
    expect(counted.up).toHaveBeenCalledTimes(1);
  });

  it('leave nothing of a step that failed', async () => {
    const broken = {
      name: '0002-broken',
      up: async (trx: typeof db.writer) => {
        await trx.schema.createTable('half', (t) => void t.text('id'));
        throw new Error('stop');
      },
      down: () => Promise.resolve(),
    };
    await expect(migrate(db, [...migrations, broken])).rejects.toThrow('stop');
    expect(await tables()).not.toContain('half');
  });
});

describe('outbox and inbox', () => {
  const outbox = createOutbox('sample');

  it('records an event with the change that caused it, or not at all', async () => {
    await expect(
      db.transaction(async (trx) => {
        await outbox.publish(trx, happened, { n: 1 });
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await db.transaction((trx) => takeUnpublished(trx, 10))).toEqual([]);
    const id = await db.transaction((trx) => outbox.publish(trx, happened, { n: 2 }));
    const [event] = await db.transaction((trx) => takeUnpublished(trx, 10));
    expect(event).toMatchObject({ id, name: 'test.happened.v1', data: { n: 2 }, subscribers: ['catalog'] });
  });

  it('shares events between relays instead of sending them twice', async () => {
    await db.transaction(async (first) => {
      const mine = await takeUnpublished(first, 10);
      expect(mine).toHaveLength(1);
      expect(await db.transaction((second) => takeUnpublished(second, 10))).toEqual([]);
      await markPublished(
        first,
        mine.map((event) => event.id),
      );
    });
    expect(await db.transaction((trx) => takeUnpublished(trx, 10))).toEqual([]);
  });

  it('offers the last week again after a loss', async () => {
    expect(await unpublishRecent(db.writer)).toBe(1);
    expect(await db.transaction((trx) => takeUnpublished(trx, 10))).toHaveLength(1);
  });

  it('lets an event work once, however often it comes', async () => {
    const work = jest.fn(() => Promise.resolve());
    const results = await Promise.all([1, 2, 3, 4].map(() => once(db, 'evt_1', work)));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('forgets an event whose work failed', async () => {
    await expect(once(db, 'evt_2', () => Promise.reject(new Error('later')))).rejects.toThrow('later');
    expect(await once(db, 'evt_2', () => Promise.resolve())).toBe(true);
  });
});

describe('idempotency keys', () => {
  const headers = new Map<string, string>();
  const res = { setHeader: (name: string, value: string) => headers.set(name, value) } as unknown as Response;
  const call = (key: string, body: unknown, run: () => Promise<unknown>) =>
    createIdempotency(createIdempotencyStore(db.writer))({ key, owner: 'usr', endpoint: 'a.b', body }, run, res);

  it('answer a repeated request as the first one', async () => {
    const run = jest.fn(() => Promise.resolve({ made: 1 }));
    expect(await call('k1', { a: 1 }, run)).toEqual({ made: 1 });
    expect(await call('k1', { a: 1 }, run)).toEqual({ made: 1 });
    expect(run).toHaveBeenCalledTimes(1);
    expect(headers.get('idempotency-replayed')).toBe('true');
  });

  it('refuse another body, and a second request while the first runs', async () => {
    await expect(call('k1', { a: 2 }, () => Promise.resolve({}))).rejects.toMatchObject({
      code: 'idempotency.key_reused',
    });
    const started = Promise.withResolvers<void>();
    const finished = Promise.withResolvers<unknown>();
    const first = call('k2', {}, () => (started.resolve(), finished.promise));
    await started.promise;
    await expect(call('k2', {}, () => Promise.resolve({}))).rejects.toMatchObject({
      code: 'idempotency.in_progress',
    });
    finished.resolve({ ok: true });
    expect(await first).toEqual({ ok: true });
  });

  it('are given back when the request fails', async () => {
    await expect(call('k3', {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await call('k3', {}, () => Promise.resolve({ ok: true }))).toEqual({ ok: true });
  });
});

it('tells a duplicate from other errors', async () => {
  await db.writer('inbox').insert({ event_id: 'twice' });
  const error = await db
    .writer('inbox')
    .insert({ event_id: 'twice' })
    .then(
      () => undefined,
      (e: unknown) => e,
    );
  expect(isUniqueViolation(error)).toBe(true);
  expect(isUniqueViolation(new Error('no'))).toBe(false);
});

describe('metrics', () => {
  const valuesOf = async (metrics: ReturnType<typeof createMetrics>, name: string): Promise<Record<string, number>> => {
    const found = (await metrics.registry.getMetricsAsJSON()).find((one) => one.name === name);
    return Object.fromEntries(
      (found?.values ?? []).map(({ labels: { service: _, ...own }, value }) => [Object.values(own).join(' '), value]),
    );
  };

  it('show a pool that is full, who waits for it, and who waited in vain', async () => {
    const small = createDatabase({
      settings: { DATABASE_URL: server.url, DATABASE_POOL_MAX: 2, DATABASE_ACQUIRE_TIMEOUT_MS: 2_000 },
      schema: 'sample',
    });
    const metrics = createMetrics('sample');
    measurePools(small, metrics);
    expect(await valuesOf(metrics, 'database_connections_max')).toEqual({ writer: 2 });
    const held = await Promise.all([small.writer.transaction(), small.writer.transaction()]);
    const late = expect(small.ping()).rejects.toThrow();
    await eventuallyHolds(async () =>
      expect(await valuesOf(metrics, 'database_connections')).toMatchObject({ 'writer used': 2, 'writer waiting': 1 }),
    );
    await late;
    expect(await valuesOf(metrics, 'database_acquire_failures_total')).toEqual({ writer: 1 });
    await Promise.all(held.map((one) => one.rollback()));
    await small.close();
  });

  it('show events that wait in the outbox, and nothing while the database is away', async () => {
    const own = createDatabase({ settings: { DATABASE_URL: server.url }, schema: 'sample' });
    const metrics = createMetrics('sample');
    measureOutbox(own, metrics);
    await own.writer('outbox').delete();
    expect(await valuesOf(metrics, 'outbox_events')).toEqual({ '': 0 });
    expect(await valuesOf(metrics, 'outbox_oldest_seconds')).toEqual({ '': 0 });
    const outbox = createOutbox('sample');
    await own.transaction((trx) => outbox.publish(trx, happened, { n: 1 }));
    await own.writer('outbox').update({ occurred_at: own.writer.raw("now() - interval '1 hour'") });
    expect(await valuesOf(metrics, 'outbox_events')).toEqual({ '': 1 });
    expect((await valuesOf(metrics, 'outbox_oldest_seconds'))['']).toBeGreaterThanOrEqual(3_600);
    await own.close();
    expect(await valuesOf(metrics, 'outbox_events')).toEqual({});
  });
});

it.each([
  ['says nothing', () => undefined],
  ['hangs up', (socket: Socket) => void socket.destroy()],
])(
  'answers 503 when a server takes a connection and %s',
  async (_what, treat) => {
    const sockets = new Set<Socket>();
    const strange = createServer((socket) => (sockets.add(socket.on('error', () => undefined)), treat(socket)));
    await new Promise<void>((resolve) => strange.listen(0, '127.0.0.1', resolve));
    const { port } = strange.address() as AddressInfo;
    const away = createDatabase({
      settings: {
        DATABASE_URL: `postgres://nobody:nothing@127.0.0.1:${port}/none`,
        DATABASE_ACQUIRE_TIMEOUT_MS: 20_000,
      },
      schema: 'sample',
    });
    const router = Router();
    router.get('/things', async (_req, res) => void res.json(await away.writer('things')));
    const base = createBase('sample', 'silent');
    const app = createApp({ ...base, routers: [router] });
    const { url, stop } = await listen(base, { app, port: 0, host: '127.0.0.1' });
    try {
      const answer = await fetch(`${url}/things`);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    } finally {
      await stop();
      for (const socket of sockets) socket.destroy();
      strange.close();
      await away.close();
    }
  },
  30_000,
);
