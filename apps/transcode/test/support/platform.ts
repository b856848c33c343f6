import { videoDeleted } from '@kinora/contracts-catalog';
import { type EventSpec, createClient, newId } from '@kinora/contracts-common';
import {
  encodingFailed,
  encodingProgress,
  encodingStarted,
  encodingsContract,
  encodingsInternalContract,
  videoPlayable,
  videoReady,
} from '@kinora/contracts-transcode';
import { uploadCompleted } from '@kinora/contracts-upload';
import { type Redis, consumeEvents, createRedis, createSignals, on } from '@kinora/jobs';
import { type RunningService, createBase, listen } from '@kinora/service';
import { type Stores, createStores } from '@kinora/storage';
import { type RedisServer, type TestDatabase, eventually, freshDir, testDatabase, testRedis } from '@kinora/testing';
import { createReadStream } from 'node:fs';
import { type z } from 'zod';
import { compose } from '../../src/composition';
import { readConfig } from '../../src/config';
import { type Neighbours, POOL_CLIENT, startNeighbours } from './neighbours';

export interface Seen {
  readonly id: string;
  readonly name: string;
  readonly data: { videoId: string; encodingId: string; [field: string]: unknown };
}

export interface Platform extends AsyncDisposable {
  readonly databaseUrl: string;
  readonly redisServer: RedisServer;
  readonly redis: Redis;
  readonly stores: Stores;
  readonly neighbours: Neighbours;
  readonly environment: Record<string, string>;
  /** Base URL of the service under test; changes with a restart. */
  url(): string;
  start(): Promise<void>;
  /** Leaves the service to a process that the test runs itself. */
  use(url: string): void;
  stop(): Promise<void>;
  /** Puts a file into the raw store and tells of its upload. */
  upload(
    file: string,
    ids?: { videoId?: string; uploadId?: string; eventId?: string },
  ): Promise<{ videoId: string; uploadId: string; sourceKey: string }>;
  tell<D extends z.ZodType>(event: EventSpec<D>, data: z.input<D>, eventId?: string): Promise<void>;
  deleteVideo(videoId: string): Promise<void>;
  /** What catalog was told, in order. */
  readonly seen: readonly Seen[];
  told(event: EventSpec, videoId: string): Seen[];
  until(event: EventSpec, videoId: string, timeoutMs?: number): Promise<Seen>;
  owner(token?: string): Promise<ReturnType<typeof createClient<typeof encodingsContract>>>;
  reports(): Promise<ReturnType<typeof createClient<typeof encodingsInternalContract>>>;
}

export const OWNER = 'user-1';

/** Servers that a test wants to have in its own hands. */
export interface Servers {
  readonly redis?: RedisServer;
  readonly database?: TestDatabase;
}

/** Real Postgres, Redis and disk, the service as it is composed, and its neighbours by their contracts. */
export async function startPlatform(overrides: Record<string, string> = {}, servers: Servers = {}): Promise<Platform> {
  const database = servers.database ?? (await testDatabase());
  const redisServer = servers.redis ?? (await testRedis());
  const neighbours = await startNeighbours();
  const storageRoot = freshDir('kinora-store');
  const environment = {
    PORT: '0',
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    KINORA_PUBLIC_URL: 'http://localhost:8080',
    DATABASE_URL: database.url,
    REDIS_URL: redisServer.url,
    KINORA_AUTH_URL: neighbours.url,
    KINORA_CATALOG_URL: neighbours.url,
    KINORA_SERVICE_SECRET: 'a-secret-of-this-test',
    COGNITO_USER_POOL_ID: 'pool',
    COGNITO_CLIENT_ID: POOL_CLIENT,
    COGNITO_ISSUER: neighbours.url,
    STORAGE_DRIVER: 'disk',
    STORAGE_DISK_ROOT: storageRoot,
    STORAGE_SIGNING_KEY: 'k'.repeat(40),
    PATH: process.env['PATH'] ?? '',
    TRANSCODE_RECONCILE_SECONDS: '1',
    TRANSCODE_SWEEP_SECONDS: '1,1',
    ...overrides,
  };
  const config = readConfig(environment);
  const stores = createStores(config);
  const redis = createRedis(redisServer.url);
  redis.on('error', () => undefined);
  const signals = createSignals(redis);
  const { logger, metrics } = createBase('catalog', 'silent');
  const seen: Seen[] = [];
  const record = (event: EventSpec) =>
    on(event, async (data, { id }) => {
      // As catalog's inbox does: an emptied Redis is filled with what was told before.
      if (!seen.some((one) => one.id === id)) seen.push({ id, name: event.name, data: data as Seen['data'] });
    });
  const told = [encodingStarted, videoPlayable, videoReady, encodingFailed].map(record);
  const progress = on(encodingProgress, async ({ encodings }, { id }) => {
    for (const data of encodings) seen.push({ id, name: encodingProgress.name, data });
  });
  const consumer = consumeEvents('catalog', [...told, progress], {
    ...{ connection: redis, metrics, logger, concurrency: 1 },
  });

  let service: RunningService | undefined;
  let other = '';
  const url = () => service?.url ?? other;
  const platform: Platform = {
    ...{ databaseUrl: database.url, redisServer, redis, stores, neighbours, environment, seen, url },
    async start() {
      const base = createBase('transcode', environment.LOG_LEVEL);
      service = await listen(base, await compose(base, config));
    },
    use: (elsewhere) => void (other = elsewhere),
    async stop() {
      await service?.stop();
      service = undefined;
    },
    tell: (event, data, eventId = newId('evt')) => signals.send(event, eventId, data),
    async upload(file, { videoId = newId('vid'), uploadId = newId('upl'), eventId } = {}) {
      const sourceKey = `sources/${videoId}/${uploadId}`;
      await stores.raw.put(sourceKey, createReadStream(file), { contentType: 'video/mp4' });
      neighbours.owners.set(videoId, OWNER);
      const about = { size: 1, filename: 'a.mp4', contentType: 'video/mp4' };
      await platform.tell(uploadCompleted, { uploadId, videoId, ownerId: OWNER, sourceKey, ...about }, eventId);
      return { videoId, uploadId, sourceKey };
    },
    deleteVideo: (videoId) => platform.tell(videoDeleted, { videoId, ownerId: OWNER }),
    told: (event, videoId) => seen.filter((one) => one.name === event.name && one.data.videoId === videoId),
    until: (event, videoId, timeoutMs = 30_000) =>
      eventually(() => platform.told(event, videoId)[0], { timeoutMs, label: `${event.name} of ${videoId}` }),
    async owner(token) {
      const bearer = token ?? (await neighbours.personToken(OWNER));
      return createClient(encodingsContract, url(), { headers: () => ({ authorization: `Bearer ${bearer}` }) });
    },
    async reports() {
      const bearer = await neighbours.serviceToken('encoder');
      return createClient(encodingsInternalContract, url(), { headers: () => ({ authorization: `Bearer ${bearer}` }) });
    },
    async [Symbol.asyncDispose]() {
      await platform.stop();
      await consumer.close();
      await signals.close();
      redis.disconnect();
      await neighbours[Symbol.asyncDispose]();
      await redisServer.stop();
      await database.drop();
    },
  };
  await platform.start();
  return platform;
}
