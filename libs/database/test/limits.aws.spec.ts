import { createApp, createBase, listen } from '@kinora/service';
import { backend, eventually, testDatabase } from '@kinora/testing';
import { Router } from 'express';
import { createDatabase } from '../src/index';

jest.setTimeout(120_000);

it('bounds every wait: statements, locks, transactions that do nothing, and a full pool, with 503 and Retry-After', async () => {
  expect(backend('postgres').url).toMatch(/^postgres:/);
  await using server = await testDatabase();
  const db = createDatabase({
    settings: {
      ...{ DATABASE_URL: server.url, DATABASE_POOL_MAX: 2, DATABASE_ACQUIRE_TIMEOUT_MS: 400 },
      ...{ DATABASE_STATEMENT_TIMEOUT_MS: 1_500, DATABASE_LOCK_TIMEOUT_MS: 300 },
      DATABASE_IDLE_TRANSACTION_TIMEOUT_MS: 1_000,
    },
    schema: 'public',
  });
  await db.writer.schema.createTable('things', (t) => void t.integer('id').primary());
  await db.writer('things').insert({ id: 1 });

  const router = Router();
  router.get('/slow', async (_req, res) => void res.json(await db.writer.raw('select pg_sleep(30)')));
  router.get('/locked', async (_req, res) => {
    res.json(await db.transaction((trx) => trx('things').where({ id: 1 }).forUpdate()));
  });
  router.get('/quick', async (_req, res) => void res.json(await db.writer('things')));
  const base = createBase('sample', 'silent');
  base.lifecycle.addCheck('database', () => db.ping());
  const { url, stop } = await listen(base, {
    app: createApp({ ...base, routers: [router] }),
    port: 0,
    host: '127.0.0.1',
  });
  const get = async (path: string) => {
    const began = performance.now();
    const response = await fetch(`${url}${path}`);
    const body = (await response.json()) as { code?: string };
    return {
      status: response.status,
      code: body.code,
      retryAfter: response.headers.get('retry-after'),
      ms: performance.now() - began,
    };
  };
  const unavailable = { status: 503, code: 'service.unavailable', retryAfter: '2' };

  expect(await get('/slow')).toMatchObject(unavailable);

  const held = await db.writer.transaction();
  await held('things').where({ id: 1 }).forUpdate();
  expect(await get('/locked')).toMatchObject(unavailable);
  // The holder does nothing for longer than it may: the lock is free again, without anybody's help.
  await eventually(async () => (await get('/locked')).status === 200);
  await held.rollback().catch(() => undefined);

  const hogs = await Promise.all([db.writer.transaction(), db.writer.transaction()]);
  const refused = await get('/quick');
  expect(refused).toMatchObject(unavailable);
  expect(refused.ms).toBeLessThan(5_000);
  expect((await get('/healthz')).status).toBe(200);
  await Promise.all(hogs.map((trx) => trx.rollback().catch(() => undefined)));
  await eventually(async () => (await get('/quick')).status === 200);
  await eventually(async () => (await get('/readyz')).status === 200);
  await stop();
  await db.close();
});
