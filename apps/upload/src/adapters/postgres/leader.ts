import { type Knex } from '@kinora/database';

/** Any fixed number; one per kind of work. */
const SWEEPER = 7_302_118_845;

interface Pool {
  acquireConnection(): Promise<unknown>;
  releaseConnection(connection: unknown): Promise<void>;
}

/**
 * Runs the work unless another replica is at it. The advisory lock belongs to one connection and not to a transaction: long work would
 * otherwise be cut off as idle in transaction. A process that dies loses its connection, and with it the lock.
 */
export async function asLeader(db: Knex, work: () => Promise<void>): Promise<boolean> {
  const pool = db.client as Pool;
  const connection = await pool.acquireConnection();
  const ask = async (sql: string): Promise<boolean> => {
    const { rows } = await db.raw<{ rows: { ok: boolean }[] }>(sql, [SWEEPER]).connection(connection);
    return rows[0]?.ok === true;
  };
  try {
    if (!(await ask('select pg_try_advisory_lock(?) as ok'))) return false;
    try {
      await work();
    } finally {
      await ask('select pg_advisory_unlock(?) as ok');
    }
    return true;
  } finally {
    await pool.releaseConnection(connection);
  }
}
