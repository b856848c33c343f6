import { startOf } from '../../domain/calendar';
import { type Clock, type SessionStore } from '../../domain/ports';
import { type Session } from '../../domain/session/session';
import { packSessions, unpackSessions } from './compact';
import { SHARDS, layout } from './layout';
import { type Item, type Table, isAlive, stillVersion } from './table';

interface Row extends Item {
  readonly body: Uint8Array;
  readonly version: number;
  /** Seconds since the epoch; DynamoDB removes the item some days after it. */
  readonly expiresAt: number;
}

const toSession = ({ body }: Row): Session => unpackSessions(body)[0] as Session;

export function createSessionStore(table: Table, { lifeMs, clock }: { lifeMs: number; clock: Clock }): SessionStore {
  const alive = (row: Row): boolean => isAlive(row, clock());
  return {
    async get(key) {
      const row = (await table.get(layout.session(key))) as Row | undefined;
      return row && alive(row) ? { session: toSession(row), version: row.version } : undefined;
    },
    put(session, expected) {
      const row: Row = {
        ...layout.session(session.key),
        body: packSessions([session]),
        version: expected + 1,
        expiresAt: Math.floor((startOf(session.key.hour) + lifeMs) / 1000),
      };
      return table.put({ Item: row, ...stillVersion(expected, clock()) });
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
