import { catalogInternalContract } from '@kinora/contracts-catalog';
import { layout } from '@kinora/delivery';
import {
  type Base,
  createServiceClient,
  createServiceTokens,
  type Listening,
  type Reread,
  startRereading,
} from '@kinora/service';
import { createStores } from '@kinora/storage';
import { createRevocationFeed } from './adapters/catalog/revocation-feed';
import { ObjectCache } from './adapters/memory/object-cache';
import { createEdgeApp } from './app';
import { type Config } from './config';
import { createAuthorise } from './domain/authorise';
import { Revocations } from './domain/revocations';
import { createEdgeMetrics } from './edge-metrics';
import { mediaHandler } from './routes/media';
import { storeHandler } from './routes/store';

/** A socket on which nothing moves for this long is given up; a slow upload that does move isn't. */
const IDLE_MS = 60_000;

/** Builds edge: stores, cache, revocations, handlers. `reread` gives the configuration with keys as they are by then. */
export async function compose(base: Base, config: Config, reread?: Reread<Config>): Promise<Listening> {
  const { logger, metrics, lifecycle } = base;
  const stores = createStores(config);
  const cache = new ObjectCache({
    store: stores.distribution,
    maxBytes: config.EDGE_CACHE_BYTES,
    maxObjectBytes: config.EDGE_CACHE_OBJECT_BYTES,
  });

  const revocations = new Revocations();
  const tokens = createServiceTokens(config, 'edge');
  const catalog = createServiceClient(catalogInternalContract, config.KINORA_CATALOG_URL, {
    tokens,
    metrics,
    name: 'catalog',
  });
  const feed = createRevocationFeed({
    catalog,
    pollMs: config.EDGE_REVOCATION_POLL_MS,
    onChange(change) {
      for (const videoId of revocations.apply(change, Date.now())) cache.deletePrefix(layout.video(videoId));
    },
    onDown: (err) => logger.warn({ err }, 'revocations can’t be asked for; those known stay in force'),
    onUp: () => logger.info('revocations are told'),
  });

  const edgeMetrics = createEdgeMetrics(metrics, {
    cacheBytes: () => cache.bytes,
    revocations: () => revocations.size,
    revocationAge: () => feed.age(),
  });
  const ownOrigins = [new URL(config.KINORA_PUBLIC_URL).origin, ...config.EDGE_OWN_ORIGINS];
  const keysOf = (from: Config) => ({ grantKeys: from.GRANT_KEYS, verificationKeys: from.CLOUDFRONT_KEYS });
  let keys = keysOf(config);
  const authorise = createAuthorise({
    keys: () => keys,
    publicUrl: config.KINORA_PUBLIC_URL,
    clock: Date.now,
    ...{ revocations, ownOrigins },
  });
  const media = mediaHandler({
    authorise,
    cache,
    store: stores.distribution,
    metrics: edgeMetrics,
    ownOrigins,
    countryHeader: config.EDGE_COUNTRY_HEADER,
  });

  lifecycle.addCheck('store', () => stores.distribution.ready());
  lifecycle.addCheck('revocations', async () => {
    // Once is enough: while catalog is away edge goes on with what it knows.
    if (feed.age() === undefined) throw new Error('not known yet');
  });
  lifecycle.onStop('workers', 'revocations', () => feed.stop());
  for (const store of [stores.staging, stores.raw, stores.distribution])
    lifecycle.onStop('connections', `store ${store.name}`, () => store.close());

  return {
    app: createEdgeApp(base, media, storeHandler(stores, config.STORAGE_SIGNING_KEY, edgeMetrics)),
    port: config.PORT,
    host: config.HOST,
    configureServer(server) {
      server.requestTimeout = 0; // counts the whole of an upload; `timeout` counts silence
      server.timeout = IDLE_MS;
    },
    onListening() {
      feed.start();
      if (!reread) return;
      const reading = startRereading(reread, config.SECRETS_REFRESH_SECONDS, logger, (read) => {
        keys = keysOf(read);
      });
      lifecycle.onStop('workers', 'secrets', () => reading.close());
    },
  };
}
