import { catalogInternalContract } from '@kinora/contracts-catalog';
import { BEGINNING_QUEUE, ENCODE_QUEUE, TRANSCODE_QUEUE } from '@kinora/contracts-transcode';
import { createDatabase, createOutbox, measureOutbox, measurePools, prepareSchema } from '@kinora/database';
import { consumeEvents, createRedis, createSignals, measureQueues, startRelay, startWorker } from '@kinora/jobs';
import {
  type Base,
  Counter,
  type Listening,
  createAuthenticator,
  createServiceClient,
  createServiceTokens,
} from '@kinora/service';
import { createStores } from '@kinora/storage';
import { migrations } from '../migrations';
import { createEncodeJobs } from './adapters/bullmq/encode-jobs';
import { createProgressSignals } from './adapters/bullmq/progress-signals';
import { createOwnerOf } from './adapters/catalog-owners';
import { createSourceProber } from './adapters/ffprobe/source-prober';
import { createSourceScanner } from './adapters/ffprobe/source-scanner';
import { createMediaConvert, noMediaConvert } from './adapters/mediaconvert/remote-encoder';
import { createJournal } from './adapters/journal';
import { createEncodings } from './adapters/postgres/encodings';
import { createInbox } from './adapters/postgres/inbox';
import { createLandings } from './adapters/postgres/landings';
import { createManifestLock } from './adapters/postgres/manifest-lock';
import { createSweeps } from './adapters/postgres/sweeps';
import { createMediaStore } from './adapters/store/media-store';
import { createTranscodeApp } from './app';
import { type Config } from './config';
import { engineRules, mediaConvertOptions } from './engine-config';
import { acceptUpload } from './domain/accept-upload';
import { cancelEncoding } from './domain/cancel-encoding';
import { deleteVideo } from './domain/delete-video';
import { encodeAgain } from './domain/encode-again';
import { finishEncoding } from './domain/finish-encoding';
import { followRemote } from './domain/follow-remote';
import { hearRemote } from './domain/hear-remote';
import { ownedEncoding } from './domain/owned-encoding';
import { planRest } from './domain/plan-rest';
import { publishManifests } from './domain/publish-manifests';
import { reconcile } from './domain/reconcile';
import { reportSegments } from './domain/report-segments';
import { retryEncoding } from './domain/retry-encoding';
import { startEncoding } from './domain/start-encoding';
import { sweepMedia } from './domain/sweep-media';
import { eventHandlers } from './workers/events';
import { jobHandlers } from './workers/jobs';
import { consumeMediaConvertEvents } from './workers/mediaconvert-events';
import { createManifestSchedule } from './workers/manifest-schedule';
import { startReconciler } from './workers/reconciler';

export const SCHEMA = 'transcode';

/** Builds every adapter and use case of the service; consuming begins once its port is open. */
export async function compose(base: Base, config: Config): Promise<Listening> {
  const { logger, metrics, lifecycle } = base;
  const db = createDatabase({ settings: config, schema: SCHEMA });
  lifecycle.onStop('connections', 'database', () => db.close());
  measurePools(db, metrics);
  measureOutbox(db, metrics);
  const applied = await prepareSchema(db, migrations, config);
  if (applied.length > 0) logger.info({ applied }, 'migrated');
  const redis = createRedis(config.REDIS_URL);
  redis.on('error', (err) => logger.warn({ err }, 'redis'));
  lifecycle.onStop('connections', 'redis', () => redis.disconnect());
  const stores = createStores(config);
  lifecycle.onStop('connections', 'stores', () =>
    Promise.all([stores.staging.close(), stores.raw.close(), stores.distribution.close()]),
  );
  lifecycle.addCheck('database', () => db.ping());
  lifecycle.addCheck('redis', () => redis.ping());
  lifecycle.addCheck('store', () => stores.distribution.ready());

  const bought = mediaConvertOptions(config);
  const mediaConvert = bought && createMediaConvert(bought);
  if (mediaConvert) lifecycle.onStop('connections', 'mediaconvert', () => mediaConvert.close());
  const remote = mediaConvert ?? noMediaConvert;
  const pollMs = config.MEDIACONVERT_POLL_SECONDS * 1000;

  const tokens = createServiceTokens(config, 'transcode');
  const catalog = createServiceClient(catalogInternalContract, config.KINORA_CATALOG_URL, {
    tokens,
    metrics,
    name: 'catalog',
  });
  const now = () => new Date();
  const background = (name: string, work: () => Promise<unknown>): void =>
    void work().catch((err: unknown) => logger.warn({ err, work: name }, 'to be repeated by the reconciler'));

  const outbox = createOutbox(SCHEMA);
  const encodings = createEncodings(db, outbox);
  const inbox = createInbox(db, outbox);
  const landings = createLandings(db);
  const lock = createManifestLock(db, outbox);
  const sweeps = createSweeps(db);
  const media = createMediaStore(stores.distribution);
  const ffprobe = { program: config.FFPROBE_PATH, searchPath: config.PATH };
  const prober = createSourceProber(stores.raw, ffprobe);
  const fetched = new Counter({
    name: 'source_bytes_total',
    help: 'Bytes of sources that the store has sent to this process',
    registers: [metrics.registry],
  });
  const scanner = createSourceScanner({ raw: stores.raw, tool: ffprobe, onBytes: (count) => fetched.inc(count) });
  const journal = createJournal(logger, metrics);
  const jobs = createEncodeJobs(redis);
  lifecycle.onStop('queues', 'jobs', () => jobs.close());
  const gauge = measureQueues([BEGINNING_QUEUE, ENCODE_QUEUE, TRANSCODE_QUEUE], redis, metrics);
  lifecycle.onStop('queues', 'gauge', () => gauge.close());
  const signals = createProgressSignals(createSignals(redis), logger);
  lifecycle.onStop('queues', 'signals', () => signals.close());

  const publish = publishManifests({ lock, media, journal, now });
  const manifests = createManifestSchedule({ publish, logger });
  const ending = { encodings, jobs, manifests, remote, journal, now, background };
  const planning = { scanner, jobs, chunkSeconds: config.TRANSCODE_CHUNK_SECONDS };
  const report = reportSegments({ landings, signals, manifests });

  const app = createTranscodeApp(base, {
    authenticator: createAuthenticator({ settings: config, tokens }),
    owned: ownedEncoding({ encodings, ownerOf: createOwnerOf(catalog) }),
    cancel: cancelEncoding(ending),
    retry: retryEncoding(ending),
    again: encodeAgain(ending),
    report,
  });

  const onListening = (): void => {
    const worker = startWorker(
      jobHandlers({
        start: startEncoding({
          ...{ ...ending, ...planning, prober },
          engines: engineRules(config),
        }),
        planRest: planRest({ ...ending, ...planning }),
        follow: followRemote({ ...ending, media, report, fallBack: config.TRANSCODE_ENGINE === 'policy' }),
        pollMs,
        finish: finishEncoding({ ...ending, landings, lock, media }),
        sweep: sweepMedia({ sweeps, media, jobs, delays: config.TRANSCODE_SWEEP_SECONDS.map((s) => s * 1000) }),
      }),
      { connection: redis, concurrency: config.TRANSCODE_CONCURRENCY, metrics, logger },
    );
    const consumer = consumeEvents(
      'transcode',
      eventHandlers({
        acceptUpload: acceptUpload({ inbox, encodings, jobs, now }),
        deleteVideo: deleteVideo({ ...ending, inbox }),
      }),
      { connection: redis, metrics, logger },
    );
    const reconciler = startReconciler(
      db,
      reconcile({
        ...{ ...ending, sweeps },
        intervalMs: config.TRANSCODE_RECONCILE_SECONDS * 1000,
        stallMs: config.TRANSCODE_STALL_SECONDS * 1000,
        patienceMs: config.TRANSCODE_PATIENCE_SECONDS * 1000,
      }),
      { intervalMs: config.TRANSCODE_RECONCILE_SECONDS * 1000, logger },
    );
    if (mediaConvert && config.MEDIACONVERT_EVENTS_QUEUE_URL !== undefined) {
      const news = consumeMediaConvertEvents({
        queueUrl: config.MEDIACONVERT_EVENTS_QUEUE_URL,
        ...{ region: config.AWS_REGION ?? '', endpoint: config.SQS_ENDPOINT, metrics, logger },
        hear: hearRemote({ encodings, jobs, remote, report, pollMs }),
      });
      lifecycle.onStop('workers', 'mediaconvert events', () => news.close());
    }
    redis.on('ready', reconciler.wake);
    const relay = startRelay(db, redis, logger);
    lifecycle.onStop('workers', 'manifests', () => manifests.close());
    lifecycle.onStop('workers', 'relay', () => relay.close());
    lifecycle.onStop('workers', 'jobs', () => worker.close({ abort: true }));
    lifecycle.onStop('workers', 'events', () => consumer.close());
    lifecycle.onStop('workers', 'reconciler', () => reconciler.close());
  };
  return { app, port: config.PORT, host: config.HOST, onListening };
}
