import { DAY_MS } from '../../domain/calendar';
import { coalesce } from '../../domain/coalesce';
import { type Clock, type Duration, type HourMarks, type VideoStore } from '../../domain/ports';
import { SHARDS, layout } from './layout';
import { type Item, type Table } from './table';

/** Longer than any session token and any player's late beacons live. */
const GONE_MS = 60 * DAY_MS;

const keys = (table: Table, pk: string): AsyncGenerator<Item> =>
  table.query({
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': pk },
    ProjectionExpression: 'pk, sk',
  });

export function createVideoStore(table: Table, { marks, clock }: { marks: HourMarks; clock: Clock }): VideoStore {
  async function* sessionsOf(videoId: string) {
    for (const hour of await marks.ofVideo(videoId))
      for (let shard = 0; shard < SHARDS; shard++) yield* keys(table, layout.sessions(videoId, hour, shard));
  }
  async function* restOf(videoId: string) {
    for await (const key of keys(table, layout.video(videoId))) if (key.sk !== 'X') yield key;
  }

  // Of the many that find a video gone at once, one removes it.
  const purge = coalesce<undefined, void>(
    () => undefined,
    async (videoId) => {
      await table.deleteAll(sessionsOf(videoId));
      // The hours go after their sessions: whoever is interrupted finds the rest again.
      await table.deleteAll(restOf(videoId));
    },
  );

  return {
    async duration(videoId) {
      return (await table.get(layout.properties(videoId))) as (Item & Duration) | undefined;
    },
    setDuration: (videoId, { durationMs, issuedAt, spread }) =>
      table.put({
        Item: { ...layout.properties(videoId), durationMs, issuedAt, spread },
        ConditionExpression: 'attribute_not_exists(pk) OR issuedAt <= :issuedAt',
        ExpressionAttributeValues: { ':issuedAt': issuedAt },
      }),
    async isGone(videoId) {
      const item = await table.get(layout.gone(videoId));
      return item !== undefined && Number(item['expiresAt']) * 1000 > clock();
    },
    async bury(videoId) {
      await table.put({ Item: { ...layout.gone(videoId), expiresAt: Math.floor((clock() + GONE_MS) / 1000) } });
    },
    purge: (videoId) => purge(videoId, undefined),
  };
}
