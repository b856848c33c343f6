import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { nodeBinary, workspaceRoot } from '../process/programs';
import { onFreePort, startServer } from '../process/server';

export interface DynaliteOptions {
  /** Kept between runs; without it tables live in memory. */
  path?: string;
  /** Taken when it is free. */
  port?: number;
  logFile?: string;
}

export interface DynaliteServer extends AsyncDisposable {
  /** For `DYNAMODB_ENDPOINT`. Any credentials will do, but there must be some. */
  url: string;
  port: number;
  pid: number;
  exited: Promise<unknown>;
  stop(timeoutMs?: number): Promise<void>;
}

/** Starts dynalite: DynamoDB without transactions, PartiQL and time-to-live. Tables are there as soon as they are created. */
export async function startDynalite(options: DynaliteOptions = {}): Promise<DynaliteServer> {
  if (options.path) mkdirSync(options.path, { recursive: true });
  const { child, port } = await onFreePort(async (port) => {
    // LevelDB's lock is an flock, released by the kernel when its owner dies; the file alone means nothing.
    const child = await startServer({
      name: 'dynalite',
      command: nodeBinary(),
      args: [
        ...[
          '--optimize-for-size',
          '--max-semi-space-size=1',
          '--max-old-space-size=96',
          path.join(workspaceRoot, 'node_modules/dynalite/cli.js'),
        ],
        ...[
          '--host',
          '127.0.0.1',
          '--port',
          String(port),
          '--createTableMs',
          '0',
          '--deleteTableMs',
          '0',
          '--updateTableMs',
          '0',
        ],
        ...(options.path ? ['--path', options.path] : []),
      ],
      ...(options.logFile && { logFile: options.logFile }),
      env: { ...process.env, MALLOC_ARENA_MAX: '2' },
      ready: async () =>
        (await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2_000) })).status < 500,
    });
    return { child, port };
  }, options.port);
  const stop = async (timeoutMs?: number) => void (await child.stop(timeoutMs));
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid,
    exited: child.exited,
    stop,
    [Symbol.asyncDispose]: () => stop(),
  };
}
