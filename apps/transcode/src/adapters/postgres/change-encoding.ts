import { type Knex, type Outbox } from '@kinora/database';
import { type Encoding } from '../../domain/encoding';
import { type Changed } from '../../domain/ports';
import { type Change, type Decision, type Sweep } from '../../domain/transitions';
import { type EncodingRow, encodingColumns, toEncoding, toRow } from './encoding-row';

export async function noteSweep(trx: Knex.Transaction, sweep: Sweep): Promise<void> {
  await trx('sweeps')
    .insert({
      prefix: sweep.prefix,
      video_id: sweep.videoId,
      round: 0,
      due_at: trx.raw("now() + ? * interval '1 millisecond'", [sweep.afterMs]),
    })
    .onConflict('prefix')
    .merge(['round', 'due_at']);
}

async function store(trx: Knex.Transaction, outbox: Outbox, { encoding, events, sweeps = [] }: Change): Promise<void> {
  const { id, created_at: _, ...row } = toRow(encoding);
  await trx('encodings')
    .where({ id })
    .update({ ...row, progressed_at: trx.fn.now() });
  for (const { event, data } of events) await outbox.publish(trx, event, data);
  for (const sweep of sweeps) await noteSweep(trx, sweep);
}

/** Decides on the locked row and stores the outcome, within the caller's transaction. */
export async function changeWithin(
  trx: Knex.Transaction,
  outbox: Outbox,
  id: string,
  decide: (encoding: Encoding) => Decision,
): Promise<Changed | undefined> {
  const row = await trx<EncodingRow>('encodings').select(encodingColumns).where({ id }).forUpdate().first();
  if (!row) return undefined;
  const encoding = toEncoding(row);
  const change = decide(encoding);
  if (!change) return { encoding, changed: false };
  await store(trx, outbox, change);
  return { encoding: change.encoding, changed: true, ...(change.sweeps && { sweeps: change.sweeps }) };
}
