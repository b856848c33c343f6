import { catalogInternalContract } from '@kinora/contracts-catalog';
import { type Person } from '@kinora/contracts-common';
import {
  type Database,
  createDatabase,
  createIdempotencyStore,
  createOutbox,
  measureOutbox,
  measurePools,
  prepareSchema,
} from '@kinora/database';
import { consumeEvents, createRedis, startRelay } from '@kinora/jobs';
import {
  type Base,
  type Listening,
  createAuthenticator,
  createIdempotency,
  createServiceClient,
  createServiceTokens,
} from '@kinora/service';
import { startQueueConsumer } from '@kinora/sqs';
import { type Stores, createForeignStaging, createStores } from '@kinora/storage';
import { AsyncLocalStorage } from 'node:async_hooks';
import { migrations } from '../migrations';
import { createVideoCatalog } from './adapters/catalog/video-catalog';
import { asLeader } from './adapters/postgres/leader';
import { createUploadRepository } from './adapters/postgres/upload-repository';
import { createWatchedObjects } from './adapters/postgres/watched-objects';
import { RedisLocker } from './adapters/redis/redis-locker';
import { createWatchedBucket } from './adapters/s3/watched-bucket';
import { createPartSink } from './adapters/tus/part-sink';
import { TusDataStore } from './adapters/tus/tus-data-store';
import { createTusServer } from './adapters/tus/tus-server';
import { createUploadApp } from './app';
import { type UploadConfig } from './config';
import { type FileLimits } from './domain/accepted-file';
import { createTakeArrival } from './domain/arrivals/take-arrival';
import { type WatchFolder, createWatchFolder } from './domain/arrivals/watch-folder';
import { type CompleteUpload, createCompleteUpload } from './domain/complete-upload';
import { createCreateUpload } from './domain/create-upload';
import { createEndUpload } from './domain/end-upload';
import { type UploadRepository, type VideoCatalog } from './domain/ports';
import { createReadUpload } from './domain/read-upload';
import { createSignParts } from './domain/sign-parts';
import { bucketEventsWorker } from './workers/bucket-events.worker';
import { periodically } from './workers/periodic';
import { videoDeletedWorker } from './workers/video-deleted.worker';

/** Seconds between looks for completions that nobody works on. */
const RECOVERY_SECONDS = 10;

/** Builds the service from its configuration. */
export async function compose(base: Base, config: UploadConfig): Promise<Listening> {
  const { lifecycle, logger, metrics } = base;

  const db = createDatabase({ settings: config, schema: 'upload' });
  lifecycle.onStop('connections', 'database', () => db.close());
  measurePools(db, metrics);
  measureOutbox(db, metrics);
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
  const limits = {
    maxBytes: config.UPLOAD_MAX_BYTES,
    contentTypes: config.UPLOAD_CONTENT_TYPES,
    extensions: config.UPLOAD_EXTENSIONS,
  };
  const createUpload = createCreateUpload({
    uploads,
    catalog,
    staging,
    limits,
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
      listenToBucket(base, config, { db, uploads, stores, catalog, completion, limits });
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

interface BucketParts {
  readonly db: Database;
  readonly uploads: UploadRepository;
  readonly stores: Stores;
  readonly catalog: VideoCatalog;
  readonly completion: CompleteUpload;
  readonly limits: FileLimits;
}

/** Consumes the events of the staging bucket, if there is a queue of them, and watches a folder of it, if there is one. */
function listenToBucket(
  { lifecycle, logger, metrics }: Base,
  config: UploadConfig,
  { db, uploads, stores, catalog, completion, limits }: BucketParts,
): void {
  const { UPLOAD_EVENTS_QUEUE_URL: queueUrl, UPLOAD_WATCH_PREFIX: prefix } = config;
  if (queueUrl === undefined) return;
  const watch = (): WatchFolder => {
    const foreign = createForeignStaging(config);
    lifecycle.onStop('connections', 'watch folder', () => foreign.close());
    return createWatchFolder({
      ...{ uploads, catalog, completion, limits, raw: stores.raw },
      watched: createWatchedObjects(db),
      bucket: createWatchedBucket(foreign, stores.raw),
      partBytes: config.UPLOAD_PART_BYTES,
      ttlSeconds: config.UPLOAD_TTL_SECONDS,
      ownerId: config.UPLOAD_WATCH_OWNER_ID ?? '',
    });
  };
  const takeArrival = createTakeArrival({
    bucket: config.S3_BUCKET_STAGING ?? '',
    completion,
    watch: prefix === undefined ? undefined : { prefix, folder: watch() },
  });
  const consumer = startQueueConsumer({
    ...{ queueUrl, region: config.AWS_REGION ?? '', endpoint: config.SQS_ENDPOINT, metrics, logger },
    visibilitySeconds: config.UPLOAD_EVENTS_VISIBILITY_SECONDS,
    retry: { first: 5, longest: config.UPLOAD_EVENTS_MAX_PAUSE_SECONDS },
    handle: bucketEventsWorker(takeArrival, { metrics, logger }),
  });
  lifecycle.onStop('workers', 'bucket events', () => consumer.close());
}
