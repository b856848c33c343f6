import { type Database } from '@kinora/database';
import { type Logger } from '@kinora/service';

/** One leader among all replicas at a time. */
const LOCK = 'select pg_try_advisory_xact_lock(hashtextextended(?, 3)) as leader';

export interface Reconciler {
  /** Compares everything now, or with the next comparison if one is at work. */
  readonly wake: () => void;
  close(): Promise<void>;
}

/** Runs the comparison every interval; of everything at start and when woken. The leader's lock lasts as long as its transaction. */
export function startReconciler(
  db: Database,
  reconcile: (all: boolean) => Promise<void>,
  { intervalMs, logger }: { intervalMs: number; logger: Logger },
): Reconciler {
  let closed = false;
  let all = true;
  let running: Promise<void> | undefined;

  const once = (): Promise<void> =>
    db.transaction(async (trx) => {
      // Longer than any comparison; the server's limit for idle transactions would end the leadership in the middle.
      await trx.raw("set local idle_in_transaction_session_timeout = '10min'");
      const answer = await trx.raw<{ rows: { leader: boolean }[] }>(LOCK, [`${db.schema}:reconciler`]);
      if (answer.rows[0]?.leader !== true) return;
      const everything = all;
      all = false;
      await reconcile(everything).catch((err: unknown) => {
        all ||= everything;
        throw err;
      });
    });

  const compare = (): void => {
    if (closed || running) return;
    running = once()
      .catch((err: unknown) => logger.warn({ err }, 'the record could not be compared with the queues'))
      .finally(() => (running = undefined));
  };

  const timer = setInterval(compare, intervalMs);
  compare();
  return {
    wake() {
      all = true;
      compare();
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await running;
    },
  };
}
