import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { canonical } from '../../domain/canonical';
import { startOf } from '../../domain/calendar';
import { type Clock, type RollupStore, type RollupTable, type Stored } from '../../domain/ports';
import { type DayRollup, type HourRollup } from '../../domain/rollup/rollup';
import { layout } from './layout';
import { type Item, type Table, isAlive, stillVersion } from './table';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

interface Row extends Item {
  /** The rollup as canonical JSON, gzipped: it keeps a busy hour far below the 400 KB of an item. */
  readonly body: Uint8Array;
  readonly digest: string;
  readonly version: number;
  readonly computedAt: number;
  readonly expiresAt: number;
}

const toStored = async <R>(row: Row): Promise<Stored<R>> => ({
  period: row.sk.slice(2),
  rollup: JSON.parse((await unpack(row.body)).toString()) as R,
  digest: row.digest,
  version: row.version,
  computedAt: row.computedAt,
});

interface Life {
  readonly lifeMs: number;
  readonly clock: Clock;
}

const createRollupTable = <R>(table: Table, size: 'H' | 'D', { lifeMs, clock }: Life): RollupTable<R> => ({
  async get(videoId, period) {
    const row = (await table.get(layout.rollup(videoId, size, period))) as Row | undefined;
    return row && isAlive(row, clock()) ? toStored<R>(row) : undefined;
  },
  async range(videoId, from, to) {
    const rows = await table.list({
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': layout.video(videoId), ':from': `${size}#${from}`, ':to': `${size}#${to}` },
    });
    const now = clock();
    return Promise.all((rows as Row[]).filter((row) => isAlive(row, now)).map((row) => toStored<R>(row)));
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
      ...stillVersion(expected, clock()),
    });
  },
});

/** Rollups outlive sessions. */
export const createRollupStore = (table: Table, life: Life): RollupStore => ({
  hours: createRollupTable<HourRollup>(table, 'H', life),
  days: createRollupTable<DayRollup>(table, 'D', life),
});
