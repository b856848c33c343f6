import { type Database, type Outbox, once } from '@kinora/database';
import { ACTIVE_STATES, type Encoding } from '../../domain/encoding';
import { type Inbox } from '../../domain/ports';
import { abandon } from '../../domain/transitions';
import { changeWithin, noteSweep } from './change-encoding';
import { addWithin } from './encodings';

export const createInbox = (db: Database, outbox: Outbox): Inbox => ({
  uploadCompleted: (eventId, origin) => once(db, eventId, (trx) => addWithin(trx, origin)),
  async videoDeleted(eventId, videoId, sweep) {
    const ended: Encoding[] = [];
    await once(db, eventId, async (trx) => {
      await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 1))', [videoId]);
      await trx('deleted_videos').insert({ video_id: videoId }).onConflict('video_id').ignore();
      const rows = await trx('encodings')
        .select('id')
        .where({ video_id: videoId })
        .whereIn('state', ACTIVE_STATES)
        .orderBy('id')
        .then((found: { id: string }[]) => found);
      for (const { id } of rows) {
        const changed = await changeWithin(trx, outbox, id, (e) => abandon(e, new Date()));
        if (changed?.changed) ended.push(changed.encoding);
      }
      await noteSweep(trx, sweep);
    });
    return ended;
  },
});
