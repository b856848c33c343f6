import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { freshDir } from '../fresh-dir';
import { program } from '../process/programs';
import { onFreePort, startServer } from '../process/server';

export interface RedisOptions {
  /** Kept between runs; without it a temporary folder. */
  dir?: string;
  /** Write every command to disk (flushed each second). */
  appendonly?: boolean;
  /** Taken when it is free. */
  port?: number;
  logFile?: string;
  /**
   * How many times a second it wakes to look after itself; ten unless told. Twice costs a seventh of that when idle, and who waits
   * for a moment (BullMQ for a delayed job) may be late by half a second.
   */
  hz?: number;
}

export interface RedisServer extends AsyncDisposable {
  url: string;
  port: number;
  pid: number;
  exited: Promise<unknown>;
  stop(timeoutMs?: number): Promise<void>;
}

/** Starts the system's Redis or Valkey as BullMQ needs it (`noeviction`). */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const dir = options.dir ?? freshDir('kinora-redis');
  mkdirSync(dir, { recursive: true });
  const { child, port } = await onFreePort(async (port) => {
    const child = await startServer({
      name: 'redis',
      command: program('redis-server', 'valkey-server'),
      args: [
        ...[
          '--port',
          String(port),
          '--bind',
          '127.0.0.1',
          '--dir',
          dir,
          '--save',
          '',
          '--maxmemory-policy',
          'noeviction',
        ],
        ...['--appendonly', options.appendonly ? 'yes' : 'no', '--daemonize', 'no', '--hz', String(options.hz ?? 10)],
      ],
      cwd: dir,
      ...(options.logFile && { logFile: options.logFile }),
      ready: async () => (await ask(port, 'PING')).startsWith('+PONG'),
    });
    return { child, port };
  }, options.port);
  const stop = async (timeoutMs?: number) => void (await child.stop(timeoutMs));
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid: child.pid,
    exited: child.exited,
    stop,
    [Symbol.asyncDispose]: () => stop(),
  };
}

/** One inline command, one line of answer; `-LOADING …` while the log is replayed. */
function ask(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(`${command}\r\n`));
    socket.setTimeout(2_000, () => socket.destroy(new Error('no answer')));
    socket.once('data', (data) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed')));
  });
}
