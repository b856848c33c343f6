import { type Knex } from '@kinora/database';
import { type Logger } from '@kinora/service';

const HOUR_MS = 3_600_000;

/** Forgets what has had its time: grants and revocations that ended, deliveries older than a month, yesterday's idempotency keys. */
export async function prune(db: Knex): Promise<void> {
  await db('grants').whereRaw("expires_at < now() - interval '1 day'").delete();
  // The newest stays, so that numbers don't seem to have started over.
  await db('revocations')
    .whereRaw("expires_at < now() - interval '1 day' and seq < (select max(seq) from revocations)")
    .delete();
  await db('webhook_deliveries').whereRaw("created_at < now() - interval '30 days'").delete();
  await db('idempotency_keys').whereRaw("created_at < now() - interval '1 day'").delete();
}

export function startHousekeeping(db: Knex, logger: Logger): { close(): void } {
  const run = () =>
    void prune(db).catch((err: unknown) => logger.warn({ err }, 'housekeeping failed; next try in an hour'));
  const timer = setInterval(run, HOUR_MS);
  timer.unref();
  return { close: () => clearInterval(timer) };
}
