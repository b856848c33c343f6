import { createDatabase, migrate, rollBack } from '@kinora/database';
import { testDatabase } from '@kinora/testing';
import { migrations } from '../migrations';

jest.setTimeout(60_000);

it('goes up, down and up again', async () => {
  await using database = await testDatabase();
  const db = createDatabase({ settings: { DATABASE_URL: database.url }, schema: 'transcode' });
  const tables = async () => {
    const rows = await db
      .writer('information_schema.tables')
      .select('table_name')
      .where({ table_schema: 'transcode' })
      .orderBy('table_name');
    return rows.map((row: { table_name: string }) => row.table_name);
  };
  try {
    expect(await migrate(db, migrations)).toEqual(migrations.map((one) => one.name));
    const up = await tables();
    expect(up).toContain('encodings');
    expect(await migrate(db, migrations)).toEqual([]);
    await rollBack(db, migrations);
    expect(await tables()).toEqual(['schema_migrations']);
    await migrate(db, migrations);
    expect(await tables()).toEqual(up);
  } finally {
    await db.close();
  }
});
