import { type Database } from '@kinora/database';

/** Any fixed number; one lock for building the search index. */
const LOCK = 5_530_117_204;

/**
 * Runs the work while no other process runs such work; held by a connection, so that a process that dies lets go.
 * @returns false, and nothing ran, when another holds the lock and this one was not to wait
 */
export const exclusively = (
  db: Pick<Database, 'transaction'>,
  work: () => Promise<void>,
  { waiting = false } = {},
): Promise<boolean> =>
  db.transaction(async (trx) => {
    // The connection does nothing but hold the lock, for as long as it takes.
    await trx.raw('set local idle_in_transaction_session_timeout = 0');
    await trx.raw('set local statement_timeout = 0');
    if (waiting) await trx.raw('select pg_advisory_xact_lock(?)', [LOCK]);
    else {
      const { rows } = await trx.raw<{ rows: { held: boolean }[] }>('select pg_try_advisory_xact_lock(?) as held', [
        LOCK,
      ]);
      if (!rows[0]?.held) return false;
    }
    await work();
    return true;
  });
