import { type Child, nodeBinary, startChild } from '@kinora/testing';
import { type ServiceName } from './services';

/** A service's process, kept running: when it ends it is started again, sooner or later (as Kubernetes would). */
export interface Service {
  readonly name: ServiceName;
  /** Of the process that runs now; -1 while there is none. */
  readonly pid: number;
  readonly url: string;
  readonly restarts: number;
  start(): void;
  /** Sends a signal to the process. If it ends of it, the supervisor starts another one. */
  kill(signal: NodeJS.Signals): void;
  /** Ends it in an orderly way; it stays down until `start`. */
  stop(timeoutMs?: number): Promise<void>;
  /** Stop, start, ready. */
  restart(): Promise<void>;
  /** Resolves when `/readyz` of a running process answers 200. */
  waitReady(timeoutMs?: number): Promise<void>;
}

export interface ServiceOptions {
  name: ServiceName;
  port: number;
  /** The bundle that Node runs. */
  bundle: string;
  env: Record<string, string>;
  /** What Node is told before the bundle. @default to take little memory */
  nodeFlags?: readonly string[] | undefined;
  logFile: string;
  onStart?: (pid: number) => void;
  onCrash?: (crash: { name: ServiceName; status: string; tail: string; restartInMs: number }) => void;
}

/** A laptop has other things to hold in memory: code is compiled smaller, and young objects get less room. */
const SMALL = ['--optimize-for-size', '--max-semi-space-size=2', '--max-old-space-size=384'];

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 10_000;
/** A process that lived this long has earned a quick restart again. */
const HEALTHY_MS = 20_000;

export class ServiceNotReady extends Error {
  override name = 'ServiceNotReady';
}

export function supervise(options: ServiceOptions): Service {
  const { name, port, bundle, env, nodeFlags = SMALL, logFile } = options;
  const url = `http://127.0.0.1:${port}`;
  let child: Child | undefined;
  let wanted = false;
  let restarts = 0;
  let delayMs = FIRST_DELAY_MS;
  let lastWords = '';
  let timer: NodeJS.Timeout | undefined;

  const launch = () => {
    timer = undefined;
    const startedAt = Date.now();
    const started = startChild({
      name,
      command: nodeBinary(),
      // No --enable-source-maps: it keeps the whole map of a bundle in memory, which more than doubles a service's.
      args: [...nodeFlags, bundle],
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        TZ: 'UTC',
        NODE_ENV: 'production',
        MALLOC_ARENA_MAX: '2',
        ...env,
      },
      logFile,
    });
    child = started;
    options.onStart?.(started.pid);
    void started.exited.then(({ code, signal }) => {
      if (child !== started) return;
      child = undefined;
      if (!wanted) return;
      if (Date.now() - startedAt > HEALTHY_MS) delayMs = FIRST_DELAY_MS;
      restarts += 1;
      lastWords = started.tail();
      // The timer first: whoever is told of the crash may stop the service, and that must stop the restart too.
      timer = setTimeout(launch, delayMs);
      options.onCrash?.({ name, status: signal ?? `status ${code}`, tail: lastWords, restartInMs: delayMs });
      delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
    });
  };

  const service: Service = {
    name,
    url,
    get pid() {
      return child?.pid ?? -1;
    },
    get restarts() {
      return restarts;
    },
    start() {
      if (wanted) return;
      wanted = true;
      delayMs = FIRST_DELAY_MS;
      launch();
    },
    kill: (signal) => child?.kill(signal),
    async stop(timeoutMs = 6_000) {
      wanted = false;
      clearTimeout(timer);
      await child?.stop(timeoutMs);
    },
    async restart() {
      await service.stop();
      service.start();
      await service.waitReady();
    },
    async waitReady(timeoutMs = 90_000) {
      const deadline = Date.now() + timeoutMs;
      while (wanted) {
        const answer =
          child?.running &&
          (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined));
        if (answer && answer.ok) return;
        if (Date.now() > deadline)
          throw new ServiceNotReady(
            `${name} was not ready within ${timeoutMs / 1000} s. Its log is ${logFile}\n${lastWords}`,
          );
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new ServiceNotReady(`${name} was stopped before it was ready`);
    },
  };
  return service;
}
