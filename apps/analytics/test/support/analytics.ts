import { SESSION_TOKEN_AUDIENCE, type SessionClaims, analyticsContract } from '@kinora/contracts-analytics';
import { createClient, newId } from '@kinora/contracts-common';
import { createBase, listen } from '@kinora/service';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import {
  type DynaliteServer,
  type RedisServer,
  SET_UP,
  backend,
  nodeBinary,
  onFreePort,
  provideCredentials,
  startChild,
  startServer,
  testDynamo,
  testRedis,
  workspaceRoot,
} from '@kinora/testing';
import { SignJWT } from 'jose';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { unpackSessions } from '../../src/adapters/dynamodb/compact';
import { compose } from '../../src/composition';
import { readConfig } from '../../src/config';
import { CLIENT_ID, type Neighbours, OWNER, startNeighbours } from './platform';

const SESSION_TOKEN_KEY = 'a key of at least thirty-two characters';

export interface World extends AsyncDisposable {
  readonly redis: RedisServer;
  readonly dynamo: Pick<DynaliteServer, 'url' | 'stop'>;
  readonly neighbours: Neighbours;
  /** Stops what a failed test has left running. */
  readonly started: Set<Instance>;
}

/** Real Redis and DynamoDB for one test file: dynalite, or Amazon's own where the back ends run. */
export async function startWorld(): Promise<World> {
  const [redis, dynamo, neighbours] = await Promise.all([testRedis(), dynamoDb(), startNeighbours()]);
  const started = new Set<Instance>();
  return {
    ...{ redis, dynamo, neighbours, started },
    async [Symbol.asyncDispose]() {
      await Promise.all([...started].map(({ stop }) => stop()));
      await Promise.all([redis.stop(), dynamo.stop(), neighbours[Symbol.asyncDispose]()]);
    },
  };
}

async function dynamoDb(): Promise<World['dynamo']> {
  if (process.env['KINORA_BACKENDS'] === undefined) return testDynamo();
  // It stays for the other suites.
  return { url: backend('dynamodb').endpoint, stop: () => Promise.resolve() };
}

export interface Instance {
  readonly url: string;
  readonly api: ReturnType<typeof createClient<typeof analyticsContract>>;
  stop(): Promise<void>;
}

export interface Place {
  readonly table: string;
  /** Number of the Redis database. */
  readonly db?: number;
  readonly env?: Record<string, string>;
}

const environmentOf = (world: World, { table, db = 0, env = {} }: Place) => ({
  ...{ PORT: '0', KINORA_PUBLIC_URL: 'http://localhost:8080', REDIS_URL: `${world.redis.url}/${db}` },
  ...{ KINORA_AUTH_URL: world.neighbours.url, KINORA_CATALOG_URL: world.neighbours.url },
  ...{ KINORA_SERVICE_SECRET: 'a secret of a service', COGNITO_USER_POOL_ID: 'pool', COGNITO_CLIENT_ID: CLIENT_ID },
  ...{ COGNITO_ISSUER: `${world.neighbours.url}/pool`, SESSION_TOKEN_KEY },
  ...provideCredentials(),
  ...{ DYNAMODB_ENDPOINT: world.dynamo.url, DYNAMODB_TABLE: table, DYNAMODB_CREATE_TABLE: 'true' },
  ...{ ROLLUP_DELAY_MS: '200', ROLLUP_SWEEP_MS: '1000', ROLLUP_LOCK_MS: '3000' },
  ...{ JOURNAL_WINDOW_MS: '20', SESSION_GATHER_MS: '500', JOURNAL_LEASE_MS: '3000' },
  ...env,
});

const apiOf = async (world: World, url: string): Promise<Instance['api']> => {
  const authorization = `Bearer ${await world.neighbours.personToken(OWNER)}`;
  return createClient(analyticsContract, url, { headers: () => ({ authorization }), timeoutMs: 60_000 });
};

/** One replica of the service, in this process, on a port of its own. */
export async function startAnalytics(world: World, place: Place): Promise<Instance> {
  const config = readConfig(environmentOf(world, place));
  const base = createBase('analytics', 'fatal');
  const { url, stop } = await listen(base, await compose(base, config));
  const instance = { url, stop, api: await apiOf(world, url) };
  world.started.add(instance);
  return instance;
}

let built: Promise<void> | undefined;

async function build(): Promise<void> {
  const child = startChild({
    ...{ name: 'build', command: nodeBinary() },
    args: [path.join(workspaceRoot, 'tools/build/service.mjs'), 'analytics'],
  });
  const { code } = await child.exited;
  if (code !== 0) throw new Error(child.tail());
}

/** One replica as a process of its own, built as it is deployed; `kill` gives it no time for anything. */
export async function startProcess(world: World, place: Place): Promise<Instance & { kill(): Promise<unknown> }> {
  await (built ??= build());
  const { child, url } = await onFreePort(async (port) => {
    const at = `http://127.0.0.1:${port}`;
    const server = await startServer({
      ...{ name: 'analytics', command: nodeBinary(), args: [path.join(workspaceRoot, 'dist/apps/analytics/main.js')] },
      env: { PATH: process.env['PATH'], ...environmentOf(world, place), PORT: String(port) },
      ready: async () => (await fetch(`${at}/readyz`)).ok,
    });
    return { child: server, url: at };
  });
  const stop = async () => void (await child.stop());
  const kill = () => {
    child.kill('SIGKILL');
    return child.exited;
  };
  const instance = { url, stop, kill, api: await apiOf(world, url) };
  world.started.add(instance);
  return instance;
}

/** A session token as catalog signs it. */
export function sessionToken(claims: Partial<SessionClaims> & { vid: string }, { key = SESSION_TOKEN_KEY } = {}) {
  const now = Math.floor(Date.now() / 1000);
  const whole: SessionClaims = {
    ...{ sid: newId('ses'), own: OWNER, dur: 100_000, cls: 'device', beg: now - 600, iat: now, exp: now + 3_600 },
    ...claims,
  };
  return new SignJWT({ ...whole })
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(SESSION_TOKEN_AUDIENCE)
    .sign(new TextEncoder().encode(key));
}

type Row = Record<string, unknown> & { pk: string; sk: string };

/** Everything in a table, rollups and sessions unpacked. */
export async function scan(world: World, table: string): Promise<Row[]> {
  const client = new DynamoDBClient({
    ...{ endpoint: world.dynamo.url, region: 'us-east-1' },
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    userAgentAppId: SET_UP,
  });
  const documents = DynamoDBDocumentClient.from(client);
  const rows: Row[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await documents.send(new ScanCommand({ TableName: table, ExclusiveStartKey: start }));
    rows.push(...((page.Items ?? []) as Row[]));
    start = page.LastEvaluatedKey;
  } while (start);
  client.destroy();
  return rows.map((row) => (row['body'] instanceof Uint8Array ? { ...row, body: unpack(row, row['body']) } : row));
}

const unpack = ({ sk }: Row, body: Uint8Array): string =>
  /^[HD]#/.test(sk) ? gunzipSync(body).toString() : JSON.stringify(unpackSessions(body));

export const isMarked = (row: Row): boolean => row.sk.startsWith('M#') && row['mark'] !== undefined;

/** A replica that may have acknowledged something that is in its journal only. */
export const isAnnounced = (row: Row): boolean => row.pk === 'J';

/** The rollups of a video as they lie in the table, by key: digest and bytes. */
export const rollupsOf = (rows: readonly Row[], videoId: string): Record<string, unknown> =>
  Object.fromEntries(
    rows
      .filter(({ pk, sk }) => pk === `V#${videoId}` && /^[HD]#/.test(sk))
      .map(({ sk, digest, body }) => [sk, { digest, body }]),
  );
