import { startOf } from '../../domain/calendar';
import { type Clock, type SessionStore } from '../../domain/ports';
import { type Facts, type Session } from '../../domain/session/session';
import { SHARDS, layout } from './layout';
import { type Item, type Table } from './table';

interface Row extends Item {
  readonly videoId: string;
  readonly hour: string;
  readonly begin: number;
  readonly viewer?: string;
  readonly facts: string;
  readonly skew: number;
  readonly version: number;
  /** Seconds since the epoch; DynamoDB removes the item some days after it. */
  readonly expiresAt: number;
}

const toSession = (row: Row): Session => ({
  key: { videoId: row.videoId, hour: row.hour, sessionId: row.sk },
  begin: row.begin,
  viewer: row.viewer ?? null,
  facts: JSON.parse(row.facts) as Facts,
  skew: row.skew,
});

export function createSessionStore(table: Table, { lifeMs, clock }: { lifeMs: number; clock: Clock }): SessionStore {
  const alive = (row: Row): boolean => row.expiresAt * 1000 > clock();
  return {
    async get(key) {
      const row = (await table.get(layout.session(key))) as Row | undefined;
      return row && { session: toSession(row), version: row.version };
    },
    put(session, expected) {
      const { key, begin, viewer, facts, skew } = session;
      const row: Row = {
        ...layout.session(key),
        videoId: key.videoId,
        hour: key.hour,
        begin,
        ...(viewer !== null && { viewer }),
        facts: JSON.stringify(facts),
        skew,
        version: expected + 1,
        expiresAt: Math.floor((startOf(key.hour) + lifeMs) / 1000),
      };
      return table.put({
        Item: row,
        ...(expected === 0
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : { ConditionExpression: 'version = :expected', ExpressionAttributeValues: { ':expected': expected } }),
      });
    },
    async *ofHour(videoId, hour) {
      for (let shard = 0; shard < SHARDS; shard++) {
        const rows = table.query({
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': layout.sessions(videoId, hour, shard) },
        });
        for await (const row of rows) if (alive(row as Row)) yield toSession(row as Row);
      }
    },
  };
}
