import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { canonical } from '../../domain/canonical';
import { startOf } from '../../domain/calendar';
import { type RollupStore, type RollupTable, type Stored } from '../../domain/ports';
import { type DayRollup, type HourRollup } from '../../domain/rollup/rollup';
import { layout } from './layout';
import { type Item, type Table } from './table';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

interface Row extends Item {
  /** The rollup as canonical JSON, gzipped: it keeps a busy hour far below the 400 KB of an item. */
  readonly body: Uint8Array;
  readonly digest: string;
  readonly version: number;
  readonly computedAt: number;
}

const toStored = async <R>(row: Row): Promise<Stored<R>> => ({
  period: row.sk.slice(2),
  rollup: JSON.parse((await unpack(row.body)).toString()) as R,
  digest: row.digest,
  version: row.version,
  computedAt: row.computedAt,
});

const createRollupTable = <R>(table: Table, size: 'H' | 'D', lifeMs: number): RollupTable<R> => ({
  async get(videoId, period) {
    const row = (await table.get(layout.rollup(videoId, size, period))) as Row | undefined;
    return row && toStored<R>(row);
  },
  async range(videoId, from, to) {
    const rows = await table.list({
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': layout.video(videoId), ':from': `${size}#${from}`, ':to': `${size}#${to}` },
    });
    return Promise.all(rows.map((row) => toStored<R>(row as Row)));
  },
  async replace(videoId, next, expected) {
    return table.put({
      Item: {
        ...layout.rollup(videoId, size, next.period),
        body: await pack(canonical(next.rollup)),
        digest: next.digest,
        version: next.version,
        computedAt: next.computedAt,
        expiresAt: Math.floor((startOf(next.period) + lifeMs) / 1000),
      },
      ...(expected === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : { ConditionExpression: 'version = :expected', ExpressionAttributeValues: { ':expected': expected } }),
    });
  },
});

/** Rollups outlive sessions: hours and days are read as long as they are there. */
export const createRollupStore = (table: Table, { lifeMs }: { lifeMs: number }): RollupStore => ({
  hours: createRollupTable<HourRollup>(table, 'H', lifeMs),
  days: createRollupTable<DayRollup>(table, 'D', lifeMs),
});
