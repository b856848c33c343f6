import { type Base, type Environment, databaseShape, loadConfig, runTask } from '@kinora/service';
import { createDatabase } from './database';
import { type Migration, migrate } from './migrations';

/** `node main.js migrate`: brings the schema up to date and ends. Needs nothing but the `DATABASE_*` variables. */
export const isMigrateCommand = (args: readonly string[] = process.argv): boolean => args[2] === 'migrate';

export const runMigrations = (schema: string, migrations: readonly Migration[], env?: Environment): Promise<void> =>
  runTask(schema, async ({ lifecycle, logger }: Base) => {
    const db = createDatabase({ settings: loadConfig(databaseShape, env), schema });
    lifecycle.onStop('connections', 'database', () => db.close());
    const applied = await migrate(db, migrations);
    logger.info({ applied }, applied.length > 0 ? 'migrated' : 'nothing to migrate');
  });
