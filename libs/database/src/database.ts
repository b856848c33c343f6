import knex, { type Knex } from 'knex';

export type { Knex } from 'knex';

export interface Database {
  /** Reads that must see the caller's own writes, and all writes. */
  readonly writer: Knex;
  /** Reads that may lag a little; the writer itself when there is no replica. */
  readonly reader: Knex;
  readonly schema: string;
  /** Runs the work in one transaction on the writer. */
  transaction<T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly settings: {
    readonly DATABASE_URL: string;
    readonly DATABASE_READER_URL?: string | undefined;
    readonly DATABASE_POOL_MAX?: number;
  };
  /** The service's own schema: the only one on its search path beside `public` (extensions). */
  readonly schema: string;
}

function pool(url: string, schema: string, max: number): Knex {
  return knex({
    client: 'pg',
    connection: {
      connectionString: url,
      application_name: `kinora-${schema}`,
      statement_timeout: 15_000,
      idle_in_transaction_session_timeout: 30_000,
      keepAlive: true,
    },
    searchPath: [schema, 'public'],
    // A full pool answers "unavailable" after a bounded wait instead of piling up requests.
    acquireConnectionTimeout: 5_000,
    pool: { min: 0, max, idleTimeoutMillis: 30_000 },
  });
}

export function createDatabase({ settings, schema }: DatabaseOptions): Database {
  const max = settings.DATABASE_POOL_MAX ?? 8;
  const writer = pool(settings.DATABASE_URL, schema, max);
  const reader = settings.DATABASE_READER_URL === undefined ? writer : pool(settings.DATABASE_READER_URL, schema, max);
  return {
    writer,
    reader,
    schema,
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
