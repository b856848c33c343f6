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

/**
 * Holds the lock of migrations for the rest of the transaction. Others may be at it for as long as they need; a step itself waits for a
 * table no longer than other statements do, because everybody else's queries would wait behind it.
 */
async function lock(trx: Knex.Transaction): Promise<void> {
  const { rows } = await trx.raw<{ rows: { own: string }[] }>(`select current_setting('lock_timeout') as own`);
  await trx.raw('set local statement_timeout = 0');
  await trx.raw('set local lock_timeout = 0');
  await trx.raw('select pg_advisory_xact_lock(?)', [LOCK]);
  await trx.raw(`select set_config('lock_timeout', ?, true)`, [rows[0]?.own ?? '0']);
}

const tableOfNames = async (trx: Knex, schema: string): Promise<void> => {
  await trx.raw('create schema if not exists ??', [schema]);
  await trx.raw(
    'create table if not exists ??.schema_migrations (name text primary key, applied_at timestamptz not null default now())',
    [schema],
  );
};

const appliedIn = async (db: Knex, schema: string): Promise<Set<string>> => {
  const rows = await db<{ name: string }>('schema_migrations').withSchema(schema).select('name');
  return new Set(rows.map((row) => row.name));
};

/**
 * Brings a schema up to date in one transaction, holding a lock so that replicas that start together wait for each other.
 * @returns the names that were applied now
 */
export const migrate = (db: Database, migrations: readonly Migration[]): Promise<string[]> =>
  db.transaction(async (trx) => {
    await lock(trx);
    await tableOfNames(trx, db.schema);
    const applied = await appliedIn(trx, db.schema);
    const missing = migrations.filter((one) => !applied.has(one.name));
    for (const migration of missing) {
      await migration.up(trx);
      await trx.withSchema(db.schema).insert({ name: migration.name }).into('schema_migrations');
    }
    return missing.map((one) => one.name);
  });

/**
 * What a service does about its schema before it serves. Told `never`, it changes nothing, and refuses to run on a schema that is older
 * than it is; a newer one is fine, since steps only expand.
 * @returns the names that were applied now
 */
export async function prepareSchema(
  db: Database,
  migrations: readonly Migration[],
  { DATABASE_MIGRATE }: { readonly DATABASE_MIGRATE: 'on-start' | 'never' },
): Promise<string[]> {
  if (DATABASE_MIGRATE === 'on-start') return migrate(db, migrations);
  const applied = (await db.writer.schema.withSchema(db.schema).hasTable('schema_migrations'))
    ? await appliedIn(db.writer, db.schema)
    : new Set<string>();
  const missing = migrations.filter((one) => !applied.has(one.name)).map((one) => one.name);
  if (missing.length > 0)
    throw new Error(`the schema "${db.schema}" lacks ${missing.join(', ')}: run this service with "migrate" first`);
  return [];
}

/** Takes every migration back, last first. For tests of up, down, up; never run by a service. */
export const rollBack = (db: Database, migrations: readonly Migration[]): Promise<void> =>
  db.transaction(async (trx) => {
    await lock(trx);
    await tableOfNames(trx, db.schema);
    const applied = await appliedIn(trx, db.schema);
    for (const migration of [...migrations].reverse()) {
      if (!applied.has(migration.name)) continue;
      await migration.down(trx);
      await trx.withSchema(db.schema).delete().from('schema_migrations').where({ name: migration.name });
    }
  });
