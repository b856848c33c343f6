import { deliverWebhook } from '@kinora/contracts-catalog';
import {
  type Database,
  createDatabase,
  createIdempotencyStore,
  createOutbox,
  measureOutbox,
  measurePools,
  prepareSchema,
} from '@kinora/database';
import {
  Redis,
  consumeEvents,
  createProducer,
  createRedis,
  measureQueues,
  startRelay,
  startWorker,
} from '@kinora/jobs';
import {
  type Base,
  type Listening,
  type Mounting,
  type Reread,
  createAuthenticator,
  type SecretBox,
  createIdempotency,
  createSecretBox,
  createServiceTokens,
  sealIdempotency,
} from '@kinora/service';
import { migrations } from '../migrations';
import { createSessionTokens } from './adapters/jose/session-tokens';
import { createChannelStore } from './adapters/postgres/channel-store';
import { createGrantStore } from './adapters/postgres/grant-store';
import { startHousekeeping } from './adapters/postgres/housekeeping';
import { createTransact } from './adapters/postgres/unit';
import { createVideoReader } from './adapters/postgres/video-store';
import { createWebhookStore } from './adapters/postgres/webhook-store';
import { createHttpSender } from './adapters/webhooks/http-sender';
import { type AppDeps, createCatalogApp } from './app';
import { type CatalogConfig } from './config';
import { type CurrentKeys, composeDelivery, currentKeys, revocationFeed } from './delivery-composition';
import { createRateLimits } from './routes/rate-limits';
import { composeSearch } from './search-composition';
import { catalogEvents } from './workers';
import { onDeliverWebhook } from './workers/deliver-webhook';

/** `reread` gives the configuration with keys as they are by then; absent where nothing is kept in secrets. */
export async function compose(base: Base, config: CatalogConfig, reread?: Reread<CatalogConfig>): Promise<Listening> {
  const { name, logger, metrics, lifecycle } = base;
  const clock = () => new Date();
  const db = createDatabase({ settings: config, schema: name });
  lifecycle.onStop('connections', 'database', () => db.close());
  measurePools(db, metrics);
  measureOutbox(db, metrics);
  await prepareSchema(db, migrations, config);
  lifecycle.addCheck('database', () => db.ping());

  const redis = createRedis(config.REDIS_URL);
  redis.on('error', (err) => logger.warn({ err }, 'redis'));
  lifecycle.onStop('connections', 'redis', () => redis.disconnect());
  lifecycle.addCheck('redis', () => redis.ping());

  const outbox = createOutbox(name);
  const videos = createVideoReader(db);
  const search = await composeSearch(config, db, outbox, base);
  lifecycle.onStop('connections', 'search', () => search.close());
  const revocations = revocationFeed(config, outbox);
  const transact = createTransact(db, { outbox, feed: search.feed, revocations, clock });
  const grants = createGrantStore(db, revocations);
  const keys = currentKeys(config);
  const delivery = await composeDelivery(base, config, { grants, keys, reread });
  const box = createSecretBox(config.WEBHOOK_SECRET_KEY, 'kinora catalog webhook secrets');
  const webhooks = createWebhookStore(db, outbox, box);
  const sender = createHttpSender({ allowPrivate: config.WEBHOOK_ALLOW_PRIVATE, clock });

  const app = createCatalogApp(base, {
    ...compositionOfUseCases(config, db, keys, { clock, videos, transact, grants }),
    ...mountings(config, db, name, box),
    search: { ...presenting(config, keys, clock), videos, index: search.index, synonyms: config.SEARCH_SYNONYMS },
    webhooks: { webhooks, sender, clock },
    limits: createRateLimits(quickRedis(base, config), config.RATE_LIMIT_PER_MINUTE, logger),
  });

  const deliveries = createProducer(deliverWebhook, redis);
  lifecycle.onStop('queues', 'webhooks', () => deliveries.close());
  const gauge = measureQueues([deliverWebhook.queue], redis, metrics);
  lifecycle.onStop('queues', 'gauge', () => gauge.close());

  return {
    app,
    port: config.PORT,
    host: config.HOST,
    onListening() {
      const consuming = { connection: redis, metrics, logger };
      const events = consumeEvents(
        'catalog',
        [...catalogEvents({ transact, clock, deliveries }), ...search.events, ...delivery.events],
        consuming,
      );
      lifecycle.onStop('workers', 'events', () => events.close());
      delivery.start();
      const keeping = search.start();
      lifecycle.onStop('workers', 'search index', () => keeping.close());
      const retries = { seconds: config.WEBHOOK_RETRY_SECONDS, random: Math.random };
      const worker = startWorker([onDeliverWebhook({ webhooks, sender, retries, clock })], {
        ...consuming,
        concurrency: 8,
        // Longer than the slowest receiver may take.
        lockMs: 30_000,
      });
      lifecycle.onStop('workers', 'webhooks', () => worker.close({ abort: true }));
      const relay = startRelay(db, redis, logger);
      lifecycle.onStop('queues', 'relay', () => relay.close());
      const housekeeping = startHousekeeping(db.writer, logger);
      lifecycle.onStop('workers', 'housekeeping', () => housekeeping.close());
    },
  };
}

const presenting = (config: CatalogConfig, { grantKeys }: CurrentKeys, clock: () => Date) => ({
  publicUrl: config.KINORA_PUBLIC_URL,
  mediaUrl: config.mediaUrl,
  grantKeys,
  clock,
});

function compositionOfUseCases(
  config: CatalogConfig,
  db: Database,
  keys: CurrentKeys,
  {
    clock,
    videos,
    transact,
    grants,
  }: Pick<AppDeps['videos'], 'clock' | 'videos' | 'transact'> & Pick<AppDeps, 'grants'>,
): Pick<AppDeps, 'videos' | 'channels' | 'grants' | 'playback'> {
  const channels = createChannelStore(db);
  const issuer = {
    publicUrl: config.mediaUrl,
    grantKeys: keys.grantKeys,
    signingKey: keys.signingKey,
    ...(config.COOKIE_DOMAIN !== undefined && { cookieDomain: config.COOKIE_DOMAIN }),
  };
  const sessions = createSessionTokens(config.SESSION_TOKEN_KEY);
  return {
    videos: { ...presenting(config, keys, clock), videos, channels, transact },
    channels: { channels, clock },
    grants,
    playback: { videos, grants, sessions, issuer, grantSeconds: config.GRANT_SECONDS, clock },
  };
}

function mountings(
  config: CatalogConfig,
  db: Database,
  name: string,
  box: SecretBox,
): { mounting: Mounting; sealedMounting: Mounting } {
  const authenticator = createAuthenticator({ settings: config, tokens: createServiceTokens(config, name) });
  const answers = createIdempotencyStore(db.writer);
  return {
    mounting: { authenticator, idempotency: createIdempotency(answers) },
    sealedMounting: { authenticator, idempotency: createIdempotency(sealIdempotency(answers, box)) },
  };
}

/** A connection that fails while Redis is away: a request must not wait for a counter. */
function quickRedis({ lifecycle }: Base, config: CatalogConfig): Redis {
  const redis = new Redis(config.REDIS_URL, {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    commandTimeout: 500,
  });
  // Told by the other connection already.
  redis.on('error', () => undefined);
  lifecycle.onStop('connections', 'rate limits', () => redis.disconnect());
  return redis;
}
