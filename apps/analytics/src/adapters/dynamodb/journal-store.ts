import { type Announcement, type Clock, type JournalStore } from '../../domain/ports';
import { packSessions, unpackSessions } from './compact';
import { layout } from './layout';
import { type Item, type Table } from './table';

/** Long enough for any outage; DynamoDB removes entries for nothing, and deleting them would cost as much as writing them. */
const ENTRY_LIFE_SECONDS = 7 * 86_400;

/**
 * The journal as items of the one table. What has expired is read all the same: an entry after its writer's announcement holds what was
 * acknowledged, however late.
 */
export const createJournalStore = (table: Table, clock: Clock): JournalStore => ({
  async append(writer, sequence, sessions) {
    const expiresAt = Math.floor(clock() / 1000) + ENTRY_LIFE_SECONDS;
    await table.put({ Item: { ...layout.entry(writer, sequence), body: packSessions(sessions), expiresAt } });
  },
  async *after(writer, sequence) {
    const { pk, sk } = layout.entry(writer, sequence);
    const entries = table.query({
      KeyConditionExpression: 'pk = :pk AND sk > :sk',
      ExpressionAttributeValues: { ':pk': pk, ':sk': sk },
    });
    for await (const entry of entries) yield* unpackSessions(entry['body'] as Uint8Array);
  },
  async announce({ writer, beat, done }) {
    await table.put({ Item: { ...layout.announcement(writer), beat, done } });
  },
  async writers() {
    const items = await table.list({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': layout.announcement('').pk },
    });
    return items.map(({ sk, beat, done }: Item & Partial<Announcement>) => ({
      writer: sk,
      beat: beat ?? '',
      done: done ?? 0,
    }));
  },
  async retire({ writer, beat }) {
    await table.delete({
      Key: layout.announcement(writer),
      ConditionExpression: 'beat = :beat',
      ExpressionAttributeValues: { ':beat': beat },
    });
  },
});
