import { type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createBase } from '@kinora/service';
import { randomUUID } from 'node:crypto';
import { createHourMarks } from '../src/adapters/dynamodb/hour-marks';
import { createJournalStore } from '../src/adapters/dynamodb/journal-store';
import { createRollupStore } from '../src/adapters/dynamodb/rollup-store';
import { createSessionStore } from '../src/adapters/dynamodb/session-store';
import { Table } from '../src/adapters/dynamodb/table';
import { createVideoStore } from '../src/adapters/dynamodb/video-store';
import { createIngest } from '../src/domain/ingest';
import { createDurations } from '../src/domain/video-duration';
import { createJournal } from '../src/domain/journal/journal';
import { createRecover } from '../src/domain/journal/recover';
import { createSettleHour } from '../src/domain/journal/settle-hour';
import { type DirtyHour } from '../src/domain/ports';
import { createRollUp } from '../src/domain/roll-up';
import { createSessionRecorder } from '../src/domain/session/record-session';

const DAY_MS = 86_400_000;
const ROLLUP_DELAY_MS = 2_000;

export interface Shared {
  readonly clock: () => number;
  /** When which hour is due, as the queue in Redis has it. */
  readonly due: Map<string, number>;
  readonly gatherMs: number;
}

const idOf = ({ videoId, hour }: DirtyHour): string => `${videoId}#${hour}`;

/**
 * The use cases of a replica over its real adapters for DynamoDB, by a clock that the benchmark turns. Redis and the live count, which
 * cost no write units, are left out; the queue of due hours is a map.
 */
export function createReplica(client: DynamoDBClient, tableName: string, { clock, due, gatherMs }: Shared) {
  const { metrics } = createBase('analytics', 'silent');
  const table = new Table(client, tableName, metrics);
  const sessions = createSessionStore(table, { lifeMs: 90 * DAY_MS, clock });
  const marks = createHourMarks(table);
  const rollups = createRollupStore(table, { lifeMs: 400 * DAY_MS, clock });
  const videos = createVideoStore(table, { marks, clock });
  const observe = {
    beacons: () => undefined,
    rollup: () => undefined,
    session: () => undefined,
    problem: (what: string, error: unknown) => {
      throw new Error(what, { cause: error });
    },
  };
  const add = (hour: DirtyHour, at: number): Promise<void> => {
    due.set(idOf(hour), Math.min(at, due.get(idOf(hour)) ?? Infinity));
    return Promise.resolve();
  };
  const dirty = {
    add,
    take: () => Promise.resolve(undefined),
    lock: () => Promise.resolve({ locked: true } as const),
    unlock: () => Promise.resolve(),
  };
  const settle = createSettleHour({
    ...{ marks, videos, dirty, clock, observe, rollupDelayMs: ROLLUP_DELAY_MS },
    record: createSessionRecorder(sessions, observe),
  });
  const store = createJournalStore(table, clock);
  const leasing = { leaseMs: 120_000, elapsed: clock };
  const journal = createJournal({
    ...{ store, settle, clock, gatherMs, writer: randomUUID(), newBeat: randomUUID, ...leasing },
    // The benchmark hands over a whole window at once; this is for those that first look something up.
    ...{ windowMs: 50, quickMs: ROLLUP_DELAY_MS },
  });
  const live = {
    set: () => Promise.resolve(),
    count: () => Promise.resolve([]),
    forget: () => Promise.resolve(),
  };
  return {
    journal,
    ingest: createIngest({ journal, learnDuration: createDurations({ videos, marks }), videos, live, clock, observe }),
    recover: createRecover({ store, settle, ...leasing }),
    rollUp: createRollUp({ sessions, marks, rollups, videos, clock, observe, sessionLifeMs: 90 * DAY_MS }),
    /** Units so far by kind of item, written and read. */
    async units(): Promise<{ written: Record<string, number>; read: number }> {
      const metric = await metrics.registry.getSingleMetric('dynamodb_units_total')?.get();
      const written: Record<string, number> = {};
      let read = 0;
      for (const { labels, value } of metric?.values ?? []) {
        const { operation, kind } = labels as { operation: string; kind: string };
        if (operation === 'get' || operation === 'query') read += value;
        else written[kind] = (written[kind] ?? 0) + value;
      }
      return { written, read };
    },
  };
}
