import { createDatabase, migrate, rollBack } from '@kinora/database';
import { testDatabase } from '@kinora/testing';
import { migrations } from '../migrations';

const tablesOf = 'select table_name from information_schema.tables where table_schema = ? order by 1';

it('goes up, down and up again, and two replicas may start at once', async () => {
  await using database = await testDatabase();
  const settings = { DATABASE_URL: database.url };
  const db = createDatabase({ settings, schema: 'catalog' });
  const other = createDatabase({ settings, schema: 'catalog' });
  try {
    const applied = await Promise.all([migrate(db, migrations), migrate(other, migrations)]);
    expect(applied.flat()).toEqual(migrations.map((one) => one.name));
    const { rows: first } = await db.writer.raw<{ rows: unknown[] }>(tablesOf, ['catalog']);
    await rollBack(db, migrations);
    const { rows: none } = await db.writer.raw<{ rows: unknown[] }>(tablesOf, ['catalog']);
    expect(none).toEqual([{ table_name: 'schema_migrations' }]);
    await migrate(db, migrations);
    const { rows: again } = await db.writer.raw<{ rows: unknown[] }>(tablesOf, ['catalog']);
    expect(again).toEqual(first);
  } finally {
    await db.close();
    await other.close();
  }
});
