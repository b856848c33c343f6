import { createApp, createBase, listen } from '@kinora/service';
import { backend, eventually } from '@kinora/testing';
import { createDatabase } from '../src/index';
import { startOwnPostgres } from './support/postgres-15';

jest.setTimeout(180_000);

it('keeps every acknowledged write when PostgreSQL is stopped at once, and is ready again within two seconds of it', async () => {
  expect(backend('postgres').url).toMatch(/^postgres:/);
  let server = await startOwnPostgres();
  const { dataDir, port } = server;
  const db = createDatabase({
    settings: { DATABASE_URL: server.url, DATABASE_ACQUIRE_TIMEOUT_MS: 1_000 },
    schema: 'public',
  });
  await db.writer.schema.createTable('written', (t) => void t.integer('id').primary());
  const base = createBase('sample', 'silent');
  base.lifecycle.addCheck('database', () => db.ping());
  const { url, stop } = await listen(base, { app: createApp({ ...base, routers: [] }), port: 0, host: '127.0.0.1' });
  const isReady = async () => (await fetch(`${url}/readyz`)).ok;
  expect(await isReady()).toBe(true);

  const acknowledged = new Set<number>();
  let next = 0;
  let going = true;
  let failures = 0;
  const writers = Array.from({ length: 4 }, async () => {
    while (going) {
      const id = next++;
      await db
        .writer('written')
        .insert({ id })
        .then(
          () => acknowledged.add(id),
          () => (failures += 1),
        );
    }
  });
  await eventually(() => acknowledged.size > 200);
  // Immediate: no checkpoint, sessions are cut in the middle of whatever they do.
  process.kill(server.pid, 'SIGQUIT');
  await server.exited;
  const before = acknowledged.size;
  await eventually(async () => failures > 0 && !(await isReady()));
  expect((await fetch(`${url}/healthz`)).status).toBe(200);

  server = await startOwnPostgres(dataDir, port);
  expect(server.port).toBe(port);
  const accepts = performance.now();
  await eventually(isReady, { intervalMs: 20 });
  expect(performance.now() - accepts).toBeLessThan(2_000);
  await eventually(() => acknowledged.size > before + 100);
  going = false;
  await Promise.all(writers);
  const kept = new Set((await db.writer<{ id: number }>('written').select('id')).map(({ id }) => id));
  expect([...acknowledged].filter((id) => !kept.has(id))).toEqual([]);
  await stop();
  await db.close();
  await server.stop();
});
