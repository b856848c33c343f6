import { type Knex } from 'knex';
import { type Database } from './database';

/** One step of a schema. Expand, ship, contract: a step must not break the version that still runs. */
export interface Migration {
  /** `0001-videos`; the order of the list is the order of the names. */
  readonly name: string;
  up(trx: Knex): Promise<unknown>;
  down(trx: Knex): Promise<unknown>;
}

/** Any fixed number; one lock for all migrations of a database. */
const LOCK = 4_817_302_551;

const prepare = async (trx: Knex, schema: string): Promise<Set<string>> => {
  await trx.raw('create schema if not exists ??', [schema]);
  await trx.raw(
    'create table if not exists ??.schema_migrations (name text primary key, applied_at timestamptz not null default now())',
    [schema],
  );
  const rows = await trx<{ name: string }>('schema_migrations').withSchema(schema).select('name');
  return new Set(rows.map((row) => row.name));
};

/**
 * Brings a schema up to date in one transaction, holding a lock so that replicas that start together wait for each other.
 * @returns the names that were applied now
 */
export const migrate = (db: Database, migrations: readonly Migration[]): Promise<string[]> =>
  db.transaction(async (trx) => {
    await trx.raw('select pg_advisory_xact_lock(?)', [LOCK]);
    const applied = await prepare(trx, db.schema);
    const missing = migrations.filter((one) => !applied.has(one.name));
    for (const migration of missing) {
      await migration.up(trx);
      await trx.withSchema(db.schema).insert({ name: migration.name }).into('schema_migrations');
    }
    return missing.map((one) => one.name);
  });

/** Takes every migration back, last first. For tests of up, down, up; never run by a service. */
export const rollBack = (db: Database, migrations: readonly Migration[]): Promise<void> =>
  db.transaction(async (trx) => {
    await trx.raw('select pg_advisory_xact_lock(?)', [LOCK]);
    const applied = await prepare(trx, db.schema);
    for (const migration of [...migrations].reverse()) {
      if (!applied.has(migration.name)) continue;
      await migration.down(trx);
      await trx.withSchema(db.schema).delete().from('schema_migrations').where({ name: migration.name });
    }
  });
