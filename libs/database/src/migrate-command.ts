import { databaseShape, loadConfig, runTask } from '@kinora/service';
import { createDatabase } from './database';
import { type Migration, migrate } from './migrations';

/** Whether this process was started as `node main.js migrate`. */
export const isMigrateCommand = (): boolean => process.argv[2] === 'migrate';

/** Brings a service's schema up to date and ends. Needs nothing but the `DATABASE_*` variables. */
export const runMigrations = (schema: string, migrations: readonly Migration[]): Promise<void> =>
  runTask(schema, async ({ lifecycle, logger }) => {
    const db = createDatabase({ settings: loadConfig(databaseShape), schema });
    lifecycle.onStop('connections', 'database', () => db.close());
    const applied = await migrate(db, migrations);
    logger.info({ applied }, applied.length > 0 ? 'migrated' : 'nothing to migrate');
  });
