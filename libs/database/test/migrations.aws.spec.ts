import { backend, eventually, nodeBinary, startChild, testDatabase, withClient, workspaceRoot } from '@kinora/testing';
import path from 'node:path';
import { type Migration, createDatabase, migrate, outboxMigration, prepareSchema } from '../src/index';

jest.setTimeout(180_000);

const grown: Migration = {
  name: '0001-grown',
  up: (trx) => trx.raw('alter table outbox add column colour text'),
  down: (trx) => trx.raw('alter table outbox drop column colour'),
};

it('are a command of each service, which runs twice at once without harm and needs the database only', async () => {
  expect(backend('postgres').url).toMatch(/^postgres:/);
  const build = startChild({
    ...{ name: 'build', command: nodeBinary() },
    args: [path.join(workspaceRoot, 'tools/build/service.mjs'), 'auth'],
  });
  expect(await build.exited).toMatchObject({ code: 0 });
  await using server = await testDatabase();
  const run = (args: string[], env: Record<string, string>) =>
    startChild({
      ...{ name: 'migrate', command: nodeBinary() },
      args: [path.join(workspaceRoot, 'dist/apps/auth/main.js'), ...args],
      env: { PATH: process.env['PATH'], ...env },
    });
  const both = [run(['migrate'], { DATABASE_URL: server.url }), run(['migrate'], { DATABASE_URL: server.url })];
  const exits = await Promise.all(both.map(({ exited }) => exited));
  expect([exits.map(({ code }) => code), both.map((child) => child.tail())]).toEqual([[0, 0], expect.anything()]);
  expect(both.filter((child) => child.tail().includes('nothing to migrate'))).toHaveLength(1);
  const tables = await withClient(server.url, async (client) => {
    const { rows } = await client.query(`select name from auth.schema_migrations order by name`);
    return rows.length;
  });
  expect(tables).toBeGreaterThan(2);

  const blind = run(['migrate'], {});
  expect(await blind.exited).toMatchObject({ code: 1 });
  expect(blind.tail()).toContain('DATABASE_URL');
});

it('wait for each other for longer than a statement may take', async () => {
  await using server = await testDatabase();
  const settings = { DATABASE_URL: server.url, DATABASE_STATEMENT_TIMEOUT_MS: 500, DATABASE_LOCK_TIMEOUT_MS: 300 };
  const [one, other] = [1, 2].map(() => createDatabase({ settings, schema: 'sample' }));
  const began = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const slow: Migration = {
    name: '0001-slow',
    async up(trx) {
      began.resolve();
      await gate.promise;
      await trx.raw('create table slow ()');
    },
    down: (trx) => trx.raw('drop table slow'),
  };
  const first = migrate(one!, [slow]);
  await began.promise;
  const second = migrate(other!, [slow]);
  await eventually(() =>
    withClient(server.url, async (client) => {
      // The other has waited for longer than both of its limits.
      const { rows } = await client.query(
        `select 1 from pg_stat_activity where wait_event = 'advisory' and now() - query_start > interval '700 ms'`,
      );
      return rows.length === 1;
    }),
  );
  gate.resolve();
  expect(await first).toEqual(['0001-slow']);
  expect(await second).toEqual([]);
  await Promise.all([one?.close(), other?.close()]);
});

it('give up rather than let everybody wait behind them for a table', async () => {
  await using server = await testDatabase();
  const settings = { DATABASE_URL: server.url, DATABASE_LOCK_TIMEOUT_MS: 300 };
  const db = createDatabase({ settings, schema: 'sample' });
  await migrate(db, [outboxMigration]);
  const reading = await db.writer.transaction();
  await reading('outbox').select();
  await expect(migrate(db, [outboxMigration, grown])).rejects.toMatchObject({ code: '55P03' });
  await reading.commit();
  expect(await migrate(db, [outboxMigration, grown])).toEqual(['0001-grown']);
  await db.close();
});

it('are only looked at by a service that is told so, which does not run on a schema older than itself', async () => {
  await using server = await testDatabase();
  const db = createDatabase({ settings: { DATABASE_URL: server.url }, schema: 'sample' });
  const never = { DATABASE_MIGRATE: 'never' } as const;
  await expect(prepareSchema(db, [outboxMigration], never)).rejects.toThrow('lacks 0000-outbox');
  await migrate(db, [outboxMigration]);
  expect(await prepareSchema(db, [outboxMigration], never)).toEqual([]);
  await expect(prepareSchema(db, [outboxMigration, grown], never)).rejects.toThrow('lacks 0001-grown');
  // The version before runs on what the next one has made of the schema.
  await migrate(db, [outboxMigration, grown]);
  expect(await prepareSchema(db, [outboxMigration], never)).toEqual([]);
  await db.close();
});
