import {
  catalogInternalContract,
  channelsContract,
  playbackContract,
  searchContract,
  videosContract,
  webhooksContract,
} from '@kinora/contracts-catalog';
import { type Client, type EventSpec, createClient, eventQueue, newId } from '@kinora/contracts-common';
import { type EventEnvelope } from '@kinora/database';
import { createRedis, eventOptions } from '@kinora/jobs';
import { type RunningService, createBase, listen, rereading, resolveSecrets } from '@kinora/service';
import { testDatabase, testRedis, withClient } from '@kinora/testing';
import { Queue } from 'bullmq';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { type z } from 'zod';
import { compose } from '../../src/composition';
import { loadCatalogConfig } from '../../src/config';
import { type Identity, startIdentity } from './identity';

const contract = {
  ...videosContract,
  ...playbackContract,
  ...searchContract,
  ...channelsContract,
  ...webhooksContract,
  ...catalogInternalContract,
};
export type Catalog = Client<typeof contract>;

const cloudFront = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
export const grantKeysJson = JSON.stringify({ k1: randomBytes(32).toString('base64') });
export const cloudFrontKeysJson = JSON.stringify({ K1: { publicKey: cloudFront.publicKey, hash: ['SHA256'] } });
export const sessionTokenKey = randomBytes(32).toString('base64');
export const publicUrl = 'https://kinora.test';

export interface Platform extends AsyncDisposable {
  readonly identity: Identity;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly first: RunningService;
  /** Where the first replica listens. */
  readonly url: string;
  /** The environment that the replicas get, with other settings if need be. */
  settings(more?: Record<string, string>): Record<string, string>;
  /** One more of the same service, with other settings if need be. */
  startReplica(env?: Record<string, string>): Promise<RunningService>;
  /** A client with a token, an API key, or nothing. */
  as(credential?: { token?: string; apiKey?: string }, url?: string): Catalog;
  /** Puts an event on catalog's queue, as a relay does. The same id twice is a duplicate of the transport. */
  send<D extends z.ZodType>(event: EventSpec<D>, data: z.input<D>, meta?: { id?: string; at?: Date }): Promise<string>;
  query<Row>(sql: string, values?: unknown[]): Promise<Row[]>;
}

/** A catalog on a database and a Redis of its own. */
export async function startPlatform(env: Record<string, string> = {}): Promise<Platform> {
  const [identity, database, redis] = await Promise.all([startIdentity(), testDatabase(), testRedis()]);
  const settings = {
    PORT: '0',
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent',
    KINORA_PUBLIC_URL: publicUrl,
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    GRANT_KEYS: grantKeysJson,
    CLOUDFRONT_KEY_ID: 'K1',
    CLOUDFRONT_PRIVATE_KEY: cloudFront.privateKey,
    SESSION_TOKEN_KEY: sessionTokenKey,
    WEBHOOK_SECRET_KEY: 'x'.repeat(32),
    WEBHOOK_ALLOW_PRIVATE: 'true',
    ...identity.env,
    ...env,
  };
  const replicas: RunningService[] = [];
  const startReplica = async (more: Record<string, string> = {}) => {
    const all = { ...settings, ...more };
    const config = loadCatalogConfig(await resolveSecrets(all));
    const base = createBase('catalog', config.LOG_LEVEL);
    const replica = await listen(base, await compose(base, config, rereading(loadCatalogConfig, all)));
    replicas.push(replica);
    return replica;
  };
  const first = await startReplica();
  const { url } = first;
  const connection = createRedis(redis.url);
  const queue = new Queue(eventQueue('catalog'), { connection });

  return {
    identity,
    databaseUrl: database.url,
    redisUrl: redis.url,
    first,
    url,
    settings: (more = {}) => ({ ...settings, ...more }),
    startReplica,
    as: ({ token, apiKey } = {}, at = url) =>
      createClient(contract, at, {
        headers: () => ({
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(apiKey !== undefined && { 'x-api-key': apiKey }),
        }),
      }),
    async send(event, data, { id = newId('evt'), at = new Date() } = {}) {
      const envelope: EventEnvelope = { id, name: event.name, occurredAt: at.toISOString(), data, context: {} };
      await queue.add(event.name, envelope, eventOptions(id));
      return id;
    },
    query: <Row>(sql: string, values: unknown[] = []) =>
      withClient(database.url, async (client) => {
        await client.query('set search_path to catalog, public');
        return (await client.query(sql, values)).rows as Row[];
      }),
    async [Symbol.asyncDispose]() {
      for (const replica of replicas) await replica.stop();
      await queue.close();
      connection.disconnect();
      await identity[Symbol.asyncDispose]();
      await redis.stop();
      await database.drop();
    },
  };
}
