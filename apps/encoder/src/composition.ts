import { encodingsInternalContract } from '@kinora/contracts-transcode';
import { PermanentFailure, createRedis, startWorker } from '@kinora/jobs';
import {
  type Base,
  Counter,
  type Listening,
  createApp,
  createServiceClient,
  createServiceTokens,
} from '@kinora/service';
import { createStores } from '@kinora/storage';
import { availableParallelism } from 'node:os';
import { createBuild } from './adapters/ffmpeg/build';
import { createFfmpeg } from './adapters/ffmpeg/ffmpeg';
import { createSources } from './adapters/source/sources';
import { createMediaStore } from './adapters/storage/media-store';
import { tracedFfmpeg, tracedStore } from './adapters/traced';
import { createReports } from './adapters/transcode/reports';
import { type EncoderConfig } from './config';
import { createBeginnings } from './domain/beginnings';
import { type EncodeDeps } from './domain/ports';
import { audioWorker } from './workers/audio.worker';
import { beginningWorker } from './workers/beginning.worker';
import { chunkWorker } from './workers/chunk.worker';
import { posterWorker } from './workers/poster.worker';
import { storyboardWorker } from './workers/storyboard.worker';

/** Builds the encoder by hand: it consumes two queues and serves nothing but its health. */
export async function compose(base: Base, config: EncoderConfig): Promise<Listening> {
  const { name, logger, metrics, lifecycle } = base;
  const stores = createStores(config);
  const redis = createRedis(config.REDIS_URL);
  lifecycle.onStop('connections', 'redis', () => redis.quit());
  lifecycle.addCheck('redis', () => redis.ping());
  for (const store of [stores.raw, stores.distribution]) {
    lifecycle.onStop('connections', store.name, () => store.close());
    lifecycle.addCheck(store.name, () => store.ready());
  }
  const tokens = createServiceTokens(config, name);
  const transcode = createServiceClient(encodingsInternalContract, config.KINORA_TRANSCODE_URL, {
    tokens,
    metrics,
    name: 'transcode',
  });
  const fetched = new Counter({
    name: 'source_bytes_total',
    help: 'Bytes of sources that the store has sent to this process',
    registers: [metrics.registry],
  });
  const sources = createSources({
    store: stores.raw,
    scratch: config.ENCODER_SCRATCH,
    maxBytes: config.ENCODER_CACHE_BYTES,
    onBytes: (count) => fetched.inc(count),
  });
  lifecycle.onStop('connections', 'sources', () => sources.close());
  const deps: EncodeDeps = {
    ffmpeg: tracedFfmpeg(
      createFfmpeg({ program: config.FFMPEG_PATH, maxMemoryBytes: config.ENCODER_MAX_MEMORY_BYTES }),
    ),
    store: tracedStore(createMediaStore(stores, sources)),
    build: createBuild(config.FFMPEG_PATH),
    reports: createReports(transcode),
    beginnings: createBeginnings(),
    refuse: (code, sentence) => new PermanentFailure(code, sentence),
    threads: config.ENCODER_THREADS,
    cores: availableParallelism(),
    warn: (err, message) => logger.warn({ err }, message),
  };
  return {
    app: createApp({ name, logger, metrics, lifecycle, routers: [] }),
    port: config.PORT,
    host: config.HOST,
    onListening: () => {
      const common = { connection: redis, metrics, logger };
      const workers = [
        startWorker([chunkWorker(deps), audioWorker(deps), posterWorker(deps), storyboardWorker(deps)], {
          ...common,
          concurrency: config.ENCODER_CONCURRENCY,
        }),
        // Beside the others, however many are at work: a beginning takes a second or two.
        startWorker([beginningWorker(deps)], { ...common, concurrency: config.ENCODER_BEGINNINGS }),
      ];
      // Encodes take minutes: they end at once, and their jobs go back to the queue.
      lifecycle.onStop('workers', 'encode', () => Promise.all(workers.map((worker) => worker.close({ abort: true }))));
    },
  };
}
