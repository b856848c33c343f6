import { type Database } from '@kinora/database';
import { type Logger } from '@kinora/service';

/** One leader among all replicas at a time. */
const LOCK = 'select pg_try_advisory_xact_lock(hashtextextended(?, 3)) as leader';

export interface Reconciler {
  /** Compares now, or as soon as the comparison at work is done. */
  readonly wake: () => void;
  close(): Promise<void>;
}

/** Runs the comparison at start, every interval, and when woken. The leader's lock lasts as long as its transaction. */
export function startReconciler(
  db: Database,
  reconcile: () => Promise<void>,
  { intervalMs, logger }: { intervalMs: number; logger: Logger },
): Reconciler {
  let closed = false;
  let running: Promise<void> | undefined;

  const once = (): Promise<void> =>
    db.transaction(async (trx) => {
      // Longer than any comparison; the server's limit for idle transactions would end the leadership in the middle.
      await trx.raw("set local idle_in_transaction_session_timeout = '10min'");
      const answer = await trx.raw<{ rows: { leader: boolean }[] }>(LOCK, [`${db.schema}:reconciler`]);
      if (answer.rows[0]?.leader) await reconcile();
    });

  const wake = (): void => {
    if (closed || running) return;
    running = once()
      .catch((err: unknown) => logger.warn({ err }, 'the record could not be compared with the queues'))
      .finally(() => (running = undefined));
  };

  const timer = setInterval(wake, intervalMs);
  wake();
  return {
    wake,
    async close() {
      closed = true;
      clearInterval(timer);
      await running;
    },
  };
}
