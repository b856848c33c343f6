import { type Hour } from '../../domain/calendar';
import { type DirtyHour } from '../../domain/ports';
import { type SessionKey } from '../../domain/session/session';
import { type Key } from './table';

/** Sparse index of marked hours: only items that have `dirtyShard` are in it. */
export const DIRTY_INDEX = 'dirty';

/** A video's sessions of one hour lie in so many partitions, each good for a thousand writes a second. */
export const SHARDS = 8;

/** FNV-1a: spreads ids evenly, the same on every machine. */
function shardOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193) >>> 0;
  return hash % SHARDS;
}

/** What an item is, for those who look at the bill. */
export function kindOf({ pk, sk }: Key): 'session' | 'journal' | 'mark' | 'rollup' | 'video' {
  if (pk.startsWith('VH#')) return 'session';
  if (pk.startsWith('J')) return 'journal';
  if (sk.startsWith('M#')) return 'mark';
  return /^[HD]#/.test(sk) ? 'rollup' : 'video';
}

/**
 * The key scheme; docs/adr/0018-dynamodb-cost.md has sizes and prices.
 *
 *     VH#<video>#<hour>#<shard>  <session>   a session
 *     V#<video>                  M#<hour>    an hour that has sessions, and its mark
 *     V#<video>                  H#<hour>    rollup of an hour
 *     V#<video>                  D#<day>     rollup of a day
 *     V#<video>                  P           properties: the duration
 *     V#<video>                  X           the video was deleted
 *     J#<writer>                 <number>    an entry of a writer's journal
 *     J                          <writer>    a writer's announcement
 */
export const layout = {
  sessions: (videoId: string, hour: Hour, shard: number): string => `VH#${videoId}#${hour}#${shard}`,
  session: ({ videoId, hour, sessionId }: SessionKey): Key => ({
    pk: layout.sessions(videoId, hour, shardOf(sessionId)),
    sk: sessionId,
  }),
  video: (videoId: string): string => `V#${videoId}`,
  mark: ({ videoId, hour }: DirtyHour): Key => ({ pk: layout.video(videoId), sk: `M#${hour}` }),
  rollup: (videoId: string, size: 'H' | 'D', period: string): Key => ({
    pk: layout.video(videoId),
    sk: `${size}#${period}`,
  }),
  properties: (videoId: string): Key => ({ pk: layout.video(videoId), sk: 'P' }),
  gone: (videoId: string): Key => ({ pk: layout.video(videoId), sk: 'X' }),
  entry: (writer: string, sequence: number): Key => ({ pk: `J#${writer}`, sk: String(sequence).padStart(12, '0') }),
  announcement: (writer: string): Key => ({ pk: 'J', sk: writer }),
  dirtyShard: (videoId: string): string => `DIRTY#${shardOf(videoId)}`,
} as const;
