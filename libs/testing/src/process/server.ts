import { createServer } from 'node:net';
import { type Child, type ChildOptions, startChild } from './child';

/** A TCP port on 127.0.0.1 that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** Whether this process could listen on 127.0.0.1:`port` right now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

export class ServerDidNotStart extends Error {
  override name = 'ServerDidNotStart';
}

export interface ServerOptions extends ChildOptions {
  /** Answers true once the server does its work. A rejection counts as "not yet". */
  ready: (child: Child) => Promise<boolean>;
  /** @default 60 000: a machine under load is slow, not broken */
  timeoutMs?: number;
}

/** Starts a process and waits until it is ready; throws {@link ServerDidNotStart} with its last words when it never is. */
export async function startServer(options: ServerOptions): Promise<Child> {
  const child = startChild(options);
  const deadline = Date.now() + (options.timeoutMs ?? 60_000);
  while (child.running) {
    if (await options.ready(child).catch(() => false)) {
      if (child.running) return child;
      break;
    }
    if (Date.now() > deadline) {
      await child.stop(2_000);
      throw new ServerDidNotStart(`${options.name} was not ready in time\n${child.tail()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const { code, signal } = await child.exited;
  throw new ServerDidNotStart(`${options.name} ended with ${signal ?? `status ${code}`}\n${child.tail()}`);
}

const TAKEN = /address already in use|EADDRINUSE/i;

/**
 * Runs `start` with a free port, and again with another one when somebody took it in between.
 * @param preferred tried first when it is free
 */
export async function onFreePort<T>(start: (port: number) => Promise<T>, preferred?: number): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const wanted = attempt === 1 && preferred !== undefined && (await isPortFree(preferred)) ? preferred : undefined;
    try {
      return await start(wanted ?? (await freePort()));
    } catch (error) {
      if (attempt >= 5 || !(error instanceof Error) || !TAKEN.test(error.message)) throw error;
    }
  }
}
