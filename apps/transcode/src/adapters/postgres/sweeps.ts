import { type Database } from '@kinora/database';
import { layout } from '@kinora/delivery';
import { type Sweeps } from '../../domain/ports';

interface SweepRow {
  prefix: string;
  video_id: string;
  round: number;
  due_at: Date;
}

/** Deletions are remembered so long that no event of the video's upload can still be on its way. */
const REMEMBERED = '90 days';

export const createSweeps = (db: Database): Sweeps => ({
  async find(prefix) {
    const row = await db
      .writer<SweepRow>('sweeps')
      .select('prefix', 'video_id', 'round', 'due_at')
      .where({ prefix })
      .first();
    return row && { videoId: row.video_id, round: row.round, dueAt: row.due_at };
  },
  async next(prefix, round, delayMs) {
    await db
      .writer('sweeps')
      .where({ prefix })
      .where('round', '<', round)
      .update({ round, due_at: db.writer.raw("now() + ? * interval '1 millisecond'", [delayMs]) });
  },
  done: (prefix) =>
    db.transaction(async (trx) => {
      const row = await trx('sweeps').where({ prefix }).delete().returning<{ video_id: string }[]>('video_id');
      const videoId = row[0]?.video_id;
      if (videoId !== undefined && prefix === layout.video(videoId))
        await trx('encodings').where({ video_id: videoId }).delete();
      await trx('deleted_videos').whereRaw(`deleted_at < now() - interval '${REMEMBERED}'`).delete();
    }),
  async due(before) {
    const rows = await db
      .writer<SweepRow>('sweeps')
      .select('prefix', 'video_id', 'round', 'due_at')
      .where('due_at', '<=', before)
      .orderBy('due_at')
      .limit(1_000);
    return rows.map((row) => ({ prefix: row.prefix, videoId: row.video_id, round: row.round }));
  },
});
