import { catalogInternalContract } from '@kinora/contracts-catalog';
import { consumeEvents, createRedis } from '@kinora/jobs';
import {
  type Base,
  type Listening,
  createAuthenticator,
  createServiceClient,
  createServiceTokens,
} from '@kinora/service';
import { createVideoOwners } from './adapters/catalog/video-owners';
import { createTable } from './adapters/dynamodb/create-table';
import { createHourMarks } from './adapters/dynamodb/hour-marks';
import { createJournalStore } from './adapters/dynamodb/journal-store';
import { createRollupStore } from './adapters/dynamodb/rollup-store';
import { createSessionStore } from './adapters/dynamodb/session-store';
import { Table, createDynamoClient } from './adapters/dynamodb/table';
import { createVideoStore } from './adapters/dynamodb/video-store';
import { createSessionTokens } from './adapters/jose/session-tokens';
import { createImpatientRedis } from './adapters/redis/connection';
import { createDirtyQueue } from './adapters/redis/dirty-queue';
import { createLiveBoard } from './adapters/redis/live-board';
import { createAnalyticsApp } from './app';
import { type Config } from './config';
import { createAuthoriseReader } from './domain/access';
import { createDeleteVideo } from './domain/delete-video';
import { createIngest } from './domain/ingest';
import { createJournal } from './domain/journal/journal';
import { createRecover } from './domain/journal/recover';
import { createSettleHour } from './domain/journal/settle-hour';
import { createLiveHub } from './domain/live/live-hub';
import { createReport } from './domain/report';
import { createRollUp } from './domain/roll-up';
import { createSessionRecorder } from './domain/session/record-session';
import { createDurations, createHearReady } from './domain/video-duration';
import { createObserver, observeLive } from './observer';
import { createStreams } from './routes/event-stream';
import { startJournalWorker } from './workers/journal.worker';
import { startRollupWorker } from './workers/rollup.worker';
import { onVideoDeleted } from './workers/video-deleted.worker';
import { onVideoReady } from './workers/video-ready.worker';
import { randomUUID } from 'node:crypto';

/** Builds every adapter and use case of analytics. */
export async function compose(base: Base, config: Config): Promise<Listening> {
  const { logger, metrics, lifecycle, name } = base;
  const clock = Date.now;
  const observe = createObserver(metrics, logger);

  const dynamo = createDynamoClient(config.dynamo);
  lifecycle.onStop('connections', 'dynamodb', () => dynamo.destroy());
  if (config.DYNAMODB_CREATE_TABLE) await createTable(dynamo, config.DYNAMODB_TABLE);
  const table = new Table(dynamo, config.DYNAMODB_TABLE, metrics);
  const sessions = createSessionStore(table, { lifeMs: config.sessionLifeMs, clock });
  const marks = createHourMarks(table);
  const rollups = createRollupStore(table, { lifeMs: config.rollupLifeMs, clock });
  const videos = createVideoStore(table, { marks, clock });

  const redis = createImpatientRedis(config.REDIS_URL);
  redis.on('error', (err) => logger.warn({ err }, 'redis'));
  const dirty = createDirtyQueue(redis);
  const live = createLiveBoard(redis);
  const events = createRedis(config.REDIS_URL);
  events.on('error', (err) => logger.warn({ err }, 'redis (events)'));
  lifecycle.onStop('connections', 'redis', () => {
    redis.disconnect();
    events.disconnect();
  });
  await redis.connect();

  const tokens = createServiceTokens(config, name);
  const authenticator = createAuthenticator({ settings: config, tokens });
  const catalog = createServiceClient(catalogInternalContract, config.KINORA_CATALOG_URL, {
    tokens,
    metrics,
    name: 'catalog',
  });
  const sessionTokens = createSessionTokens({
    key: config.SESSION_TOKEN_KEY,
    graceSeconds: config.BEACON_GRACE_SECONDS,
    clock,
  });

  const authorise = createAuthoriseReader(createVideoOwners(catalog));
  const settle = createSettleHour({
    ...{ marks, videos, dirty, clock, observe },
    record: createSessionRecorder(sessions, observe),
    rollupDelayMs: config.ROLLUP_DELAY_MS,
  });
  const entries = createJournalStore(table, clock);
  const leasing = { leaseMs: config.JOURNAL_LEASE_MS, elapsed: () => performance.now() };
  const journal = createJournal({
    ...{ store: entries, settle, clock, ...leasing },
    ...{ writer: randomUUID(), newBeat: randomUUID, windowMs: config.JOURNAL_WINDOW_MS },
    ...{ gatherMs: config.SESSION_GATHER_MS, quickMs: config.ROLLUP_DELAY_MS },
  });
  const recover = createRecover({ store: entries, settle, ...leasing });
  const learnDuration = createDurations({ videos, marks });
  const ingest = createIngest({ journal, learnDuration, videos, live, clock, observe });
  const rollUp = createRollUp({
    ...{ sessions, marks, rollups, videos, clock, observe },
    sessionLifeMs: config.sessionLifeMs,
  });
  const hub = createLiveHub({ live, clock, observe });
  observeLive(metrics, hub);
  const streams = createStreams();

  lifecycle.addCheck('dynamodb', () => table.get({ pk: 'ready', sk: 'ready' }));
  lifecycle.addCheck('redis', () => redis.ping());

  const app = createAnalyticsApp({
    ...{ base, authenticator, sessionTokens, ingest, authorise, hub, streams },
    report: createReport({ rollups, clock }),
    recheckMs: config.LIVE_RECHECK_MS,
  });

  return {
    app,
    port: config.PORT,
    host: config.HOST,
    onListening() {
      // Registered after the server, and so closed before it: streams don't end by themselves.
      lifecycle.onStop('http', 'streams', () => streams.close());
      const worker = startRollupWorker({ dirty, marks, rollUp, clock, observe, ...config });
      lifecycle.onStop('workers', 'rollups', () => worker.close());
      const journals = startJournalWorker({ journal, recover, observe, ...config });
      lifecycle.onStop('workers', 'journal', () => journals.close());
      const handlers = [
        onVideoDeleted(createDeleteVideo({ videos, live })),
        onVideoReady(createHearReady({ videos, learnDuration })),
      ];
      const consumer = consumeEvents('analytics', handlers, { connection: events, metrics, logger });
      lifecycle.onStop('workers', 'events', () => consumer.close());
    },
  };
}
