import { type Express } from 'express';
import { type Server, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { checkConfig } from './check-config';
import { Lifecycle } from './lifecycle';
import { type Logger, createLogger } from './logger';
import { type Metrics, createMetrics } from './metrics';
import { useSecrets } from './secrets';
import { startTracing } from './tracing';

/** What every composition starts from. */
export interface Base {
  readonly name: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly lifecycle: Lifecycle;
}

export interface Listening {
  readonly app: Express;
  readonly port: number;
  readonly host: string;
  /** Called once the port is open: start consuming jobs and events here. */
  readonly onListening?: () => unknown;
  /** Milliseconds without a byte after which a connection is given up; Node's defaults unless told. */
  readonly configureServer?: (server: Server) => void;
}

export interface RunningService {
  readonly url: string;
  stop(): Promise<void>;
}

/** Opens the port of a composed service and registers its closing. */
export async function listen(
  base: Base,
  { app, port, host, onListening, configureServer }: Listening,
): Promise<RunningService> {
  const server = createServer(app);
  server.keepAliveTimeout = 65_000;
  configureServer?.(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  base.lifecycle.onStop('http', 'server', () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    // Streams (server-sent events) never end by themselves.
    setTimeout(() => server.closeAllConnections(), 3_000).unref();
    return closed;
  });
  await onListening?.();
  const address = server.address() as AddressInfo;
  base.logger.info({ port: address.port }, 'listening');
  return { url: `http://${host}:${address.port}`, stop: () => base.lifecycle.stop() };
}

export const createBase = (name: string, level?: string): Base => {
  const logger = createLogger(name, level);
  return { name, logger, metrics: createMetrics(name), lifecycle: new Lifecycle(logger) };
};

/** Runs something that ends by itself (`node main.js migrate`): status 0 when it was done, 1 when it failed, connections closed either way. */
export async function runTask(
  name: string,
  task: (base: Base) => Promise<void>,
  level = process.env['LOG_LEVEL'],
): Promise<void> {
  const base = createBase(name, level);
  try {
    await useSecrets();
    await task(base);
  } catch (err) {
    base.logger.fatal({ err }, 'failed');
    process.exitCode = 1;
  }
  await base.lifecycle.stop();
}

/**
 * Runs a service until SIGTERM or SIGINT: fetch secrets, compose, listen, wait, close in order. A failed start leaves with status 1; closing may
 * take ten seconds, then the process goes all the same. With `--check-config` it only says how its configuration would be read.
 */
export async function runService(
  name: string,
  compose: (base: Base) => Promise<Listening>,
  level = process.env['LOG_LEVEL'],
): Promise<void> {
  if (process.argv.includes('--check-config')) return checkConfig(name, compose);
  const base = createBase(name, level);
  const { logger, lifecycle } = base;
  const stop = (reason: string) => {
    logger.info({ reason }, 'stopping');
    // Last resort only: normally the loop drains and the process ends by itself.
    setTimeout(() => process.exit(process.exitCode ?? 0), 10_000).unref();
    void lifecycle.stop().then(() => logger.info('stopped'));
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  process.on('unhandledRejection', (err) => logger.error({ err }, 'unhandled rejection'));
  process.on('uncaughtException', (err) => {
    logger.fatal({ err }, 'uncaught exception');
    process.exitCode = 1;
    stop('uncaught exception');
  });
  try {
    await useSecrets();
    await startTracing(name, lifecycle);
    await listen(base, await compose(base));
  } catch (err) {
    logger.fatal({ err }, 'could not start');
    process.exitCode = 1;
    stop('could not start');
  }
}
