import { randomUUID } from 'node:crypto';
import { type HourMarks } from '../../domain/ports';
import { DIRTY_INDEX, SHARDS, layout } from './layout';
import { type Table } from './table';

export const createHourMarks = (table: Table): HourMarks => ({
  async mark(dirty) {
    // The index keys stay the same while an hour is marked, so only the first mark costs a write of the index.
    await table.update({
      Key: layout.mark(dirty),
      UpdateExpression: 'SET mark = :mark, dirtyShard = :shard, dirtyHour = :hour',
      ExpressionAttributeValues: {
        ':mark': randomUUID(),
        ':shard': layout.dirtyShard(dirty.videoId),
        ':hour': `${dirty.videoId}#${dirty.hour}`,
      },
    });
  },
  async read(dirty) {
    return (await table.get(layout.mark(dirty)))?.['mark'] as string | undefined;
  },
  clear: (dirty, mark) =>
    table.update({
      Key: layout.mark(dirty),
      UpdateExpression: 'REMOVE mark, dirtyShard, dirtyHour',
      ConditionExpression: 'mark = :mark',
      ExpressionAttributeValues: { ':mark': mark },
    }),
  async *marked() {
    for (let shard = 0; shard < SHARDS; shard++) {
      const items = table.query({
        IndexName: DIRTY_INDEX,
        KeyConditionExpression: 'dirtyShard = :shard',
        ExpressionAttributeValues: { ':shard': `DIRTY#${shard}` },
      });
      for await (const { pk, sk } of items) yield { videoId: pk.slice(2), hour: sk.slice(2) };
    }
  },
  async ofVideo(videoId) {
    const items = await table.list({
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :hour)',
      ExpressionAttributeValues: { ':pk': layout.video(videoId), ':hour': 'M#' },
    });
    return items.map(({ sk }) => sk.slice(2));
  },
});
