import { catalogInternalContract } from '@kinora/contracts-catalog';
import { type Person } from '@kinora/contracts-common';
import { createDatabase, createIdempotencyStore, createOutbox, prepareSchema } from '@kinora/database';
import { consumeEvents, createRedis, startRelay } from '@kinora/jobs';
import {
  type Base,
  type Listening,
  createAuthenticator,
  createIdempotency,
  createServiceClient,
  createServiceTokens,
} from '@kinora/service';
import { createStores } from '@kinora/storage';
import { AsyncLocalStorage } from 'node:async_hooks';
import { migrations } from '../migrations';
import { createVideoCatalog } from './adapters/catalog/video-catalog';
import { asLeader } from './adapters/postgres/leader';
import { createUploadRepository } from './adapters/postgres/upload-repository';
import { RedisLocker } from './adapters/redis/redis-locker';
import { createPartSink } from './adapters/tus/part-sink';
import { TusDataStore } from './adapters/tus/tus-data-store';
import { createTusServer } from './adapters/tus/tus-server';
import { createUploadApp } from './app';
import { type UploadConfig } from './config';
import { createCompleteUpload } from './domain/complete-upload';
import { createCreateUpload } from './domain/create-upload';
import { createEndUpload } from './domain/end-upload';
import { createReadUpload } from './domain/read-upload';
import { createSignParts } from './domain/sign-parts';
import { periodically } from './workers/periodic';
import { videoDeletedWorker } from './workers/video-deleted.worker';

/** Seconds between looks for completions that nobody works on. */
const RECOVERY_SECONDS = 10;

/** Builds the service from its configuration. */
export async function compose(base: Base, config: UploadConfig): Promise<Listening> {
  const { lifecycle, logger, metrics } = base;

  const db = createDatabase({ settings: config, schema: 'upload' });
  lifecycle.onStop('connections', 'database', () => db.close());
  lifecycle.addCheck('database', () => db.ping());
  await prepareSchema(db, migrations, config);

  const redis = createRedis(config.REDIS_URL);
  redis.on('error', (err) => logger.warn({ err }, 'no connection to Redis'));
  lifecycle.onStop('connections', 'redis', () => redis.disconnect());
  lifecycle.addCheck('redis', () => redis.ping());

  const stores = createStores(config);
  const { staging, raw, distribution } = stores;
  lifecycle.onStop('connections', 'stores', () =>
    Promise.all([staging, raw, distribution].map((store) => store.close())),
  );
  lifecycle.addCheck('store', () => Promise.all([staging.ready(), raw.ready()]));

  const tokens = createServiceTokens(config, 'upload');
  const authenticator = createAuthenticator({ settings: config, tokens });
  const catalog = createVideoCatalog(
    createServiceClient(catalogInternalContract, config.KINORA_CATALOG_URL, { tokens, metrics, name: 'catalog' }),
  );

  const uploads = createUploadRepository(db, createOutbox('upload'));
  const onMishap = (err: unknown, uploadId: string): void => logger.warn({ err, uploadId }, 'will be tried again');
  const createUpload = createCreateUpload({
    uploads,
    catalog,
    staging,
    limits: {
      maxBytes: config.UPLOAD_MAX_BYTES,
      contentTypes: config.UPLOAD_CONTENT_TYPES,
      extensions: config.UPLOAD_EXTENSIONS,
    },
    quota: { count: config.UPLOAD_MAX_OPEN, bytes: config.UPLOAD_MAX_OPEN_BYTES },
    partBytes: config.UPLOAD_PART_BYTES,
    ttlSeconds: config.UPLOAD_TTL_SECONDS,
  });
  const completion = createCompleteUpload({ uploads, stores, onMishap });
  const ending = createEndUpload({ uploads, stores, onMishap });
  lifecycle.onStop('workers', 'completions', () => completion.settle());

  const locker = new RedisLocker({ redis });
  lifecycle.onStop('queues', 'tus locks', () => locker.close());
  const calls = new AsyncLocalStorage<Person>();
  const caller = (): Person => {
    const person = calls.getStore();
    if (!person) throw new Error('a tus request without a caller');
    return person;
  };
  const sink = createPartSink(staging);
  const datastore = new TusDataStore({
    uploads,
    staging,
    sink,
    createUpload,
    completion,
    ending,
    caller,
    ttlSeconds: config.UPLOAD_TTL_SECONDS,
  });
  const server = createTusServer({
    datastore,
    locker,
    maxBytes: config.UPLOAD_MAX_BYTES,
    publicUrl: config.KINORA_PUBLIC_URL,
    onFinish: (id) => completion.complete(id),
    logger,
  });

  const app = createUploadApp(
    base,
    { server, authenticator, uploads, calls, maxConcurrent: config.TUS_MAX_CONCURRENT },
    {
      uploads,
      createUpload,
      readUpload: createReadUpload({ uploads, staging }),
      signParts: createSignParts({ uploads, staging, urlSeconds: config.UPLOAD_PART_URL_SECONDS }),
      completion,
      ending,
      mounting: { authenticator, idempotency: createIdempotency(createIdempotencyStore(db.writer)) },
    },
  );

  return {
    app,
    port: config.PORT,
    host: config.HOST,
    configureServer: (http) => {
      // A tus transfer takes as long as it takes; one that stands still is given up.
      http.requestTimeout = 0;
      http.setTimeout(120_000);
    },
    onListening: () => {
      const relay = startRelay(db, redis, logger);
      lifecycle.onStop('queues', 'relay', () => relay.close());
      const events = consumeEvents('upload', [videoDeletedWorker(ending)], { connection: redis, metrics, logger });
      lifecycle.onStop('workers', 'events', () => events.close());
      const recovery = periodically('recovery', RECOVERY_SECONDS, () => completion.resumeInterrupted(), logger);
      lifecycle.onStop('workers', 'recovery', () => recovery.close());
      const sweeper = periodically(
        'sweep',
        config.UPLOAD_SWEEP_SECONDS,
        () => asLeader(db.writer, () => ending.sweep()),
        logger,
      );
      lifecycle.onStop('workers', 'sweeper', () => sweeper.close());
    },
  };
}
