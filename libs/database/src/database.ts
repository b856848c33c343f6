import knex, { type Knex } from 'knex';
import { type ClientConfig } from 'pg';
import { type ConnectionSettings, connectionOf } from './connection';

export type { Knex } from 'knex';

export interface Database {
  /** Reads that must see the caller's own writes, and all writes. */
  readonly writer: Knex;
  /** Reads that may lag a little; the writer itself when there is no replica. */
  readonly reader: Knex;
  readonly schema: string;
  /** How a connection beside the pools is opened to the writer, for what a pool can't do: LISTEN. */
  readonly connection: ClientConfig;
  /** Runs the work in one transaction on the writer. */
  transaction<T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseSettings extends ConnectionSettings {
  readonly DATABASE_URL: string;
  readonly DATABASE_READER_URL?: string | undefined;
  readonly DATABASE_POOL_MAX?: number | undefined;
  readonly DATABASE_ACQUIRE_TIMEOUT_MS?: number | undefined;
}

export interface DatabaseOptions {
  readonly settings: DatabaseSettings;
  /** The service's own schema: the only one on its search path beside `public` (extensions). */
  readonly schema: string;
}

const silence = (): void => undefined;

function pool(settings: DatabaseSettings, schema: string, connection: ClientConfig): Knex {
  return knex({
    client: 'pg',
    // Whoever asked gets the error; knex would print it beside the log as well.
    log: { warn: silence, error: silence, debug: silence, deprecate: silence },
    connection: connection as Knex.PgConnectionConfig,
    searchPath: [schema, 'public'],
    // A full pool answers "unavailable" after a bounded wait instead of piling up requests.
    acquireConnectionTimeout: settings.DATABASE_ACQUIRE_TIMEOUT_MS ?? 5_000,
    pool: { min: 0, max: settings.DATABASE_POOL_MAX ?? 8, idleTimeoutMillis: 30_000 },
  });
}

export function createDatabase({ settings, schema }: DatabaseOptions): Database {
  const connect = (url: string): ClientConfig => ({
    ...connectionOf(settings, url),
    application_name: `kinora-${schema}`,
  });
  const connection = connect(settings.DATABASE_URL);
  const writer = pool(settings, schema, connection);
  const { DATABASE_READER_URL } = settings;
  const reader = DATABASE_READER_URL === undefined ? writer : pool(settings, schema, connect(DATABASE_READER_URL));
  return {
    writer,
    reader,
    schema,
    connection,
    transaction: (work) => writer.transaction(work),
    ping: async () => void (await writer.raw('select 1')),
    close: async () => {
      await writer.destroy();
      if (reader !== writer) await reader.destroy();
    },
  };
}

/** Whether an error is Postgres refusing a duplicate (23505), optionally of one constraint or unique index. */
export const isUniqueViolation = (error: unknown, constraint?: string): boolean =>
  error instanceof Error &&
  'code' in error &&
  error.code === '23505' &&
  (constraint === undefined || ('constraint' in error && error.constraint === constraint));
