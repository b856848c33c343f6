import { mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Gateway, startGateway } from '../gateway/gateway';
import { Mailbox } from '../gateway/mailbox';
import { type BackEnds, startBackEnds } from './back-ends';
import { buildAll, bundleOf, webRoot } from './build';
import { openDataFolder } from './data-folder';
import { environments } from './environment';
import { assignPorts } from './ports';
import { loadSecrets } from './secrets';
import { type ServiceName, SERVICES } from './services';
import { type Service, type ServiceOptions, supervise } from './supervisor';

export interface PlatformOptions {
  /** Kept between runs. */
  dataDir: string;
  /** The gateway's; 0 for a free one. @default 8080 */
  port?: number;
  /** @default KINORA_DEMO_PASSWORD, or random per data folder */
  demoPassword?: string;
  /** False when the bundles are known to be there. @default true */
  build?: boolean;
  /** What Node runs for a service. @default its bundle in dist */
  bundle?: (name: ServiceName) => string;
  /** Added to (or put in place of) a service's environment. */
  env?: Partial<Record<ServiceName, Record<string, string>>>;
  /** What Node is told before a bundle. @default to take little memory */
  nodeFlags?: ServiceOptions['nodeFlags'];
  onStep?: (step: PlatformStep) => void;
  onCrash?: ServiceOptions['onCrash'];
  /** A back end is gone: nothing works from here on. */
  onLoss?: (name: string) => void;
  /** Aborting it stops the start, and what was started. */
  signal?: AbortSignal;
}

export type PlatformStep = {
  step: 'build' | 'back-ends' | 'services' | 'gateway';
  status: 'begun' | 'done';
  ms?: number;
};

export interface Platform {
  /** The public origin, without a slash at its end. */
  url: string;
  demo: { email: string; password: string };
  services: Record<ServiceName, Service>;
  backEnds: BackEnds;
  mailbox: Mailbox;
  dataDir: string;
  /** Ends everything within 10 s. */
  stop(): Promise<void>;
}

export const DEMO_EMAIL = 'demo@kinora.local';

/** Starts the whole platform on one data folder: back ends, every service in a process of its own, and the gateway in front. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const folder = await openDataFolder(path.resolve(options.dataDir));
  let gateway: Gateway | undefined;
  let backEnds: BackEnds | undefined;
  let all: Service[] = [];
  let stopping: Promise<void> | undefined;
  const stop = () =>
    (stopping ??= (async () => {
      // The services first, while what they depend on is still there; 10 s for everything.
      await Promise.all([gateway?.stop(), ...all.map((service) => service.stop(5_500))]);
      await backEnds?.stop();
      folder.release();
    })());
  const timed = async <T>(step: PlatformStep['step'], work: () => Promise<T>): Promise<T> => {
    options.signal?.throwIfAborted();
    options.onStep?.({ step, status: 'begun' });
    const since = Date.now();
    const result = await work();
    options.onStep?.({ step, status: 'done', ms: Date.now() - since });
    return result;
  };

  try {
    mkdirSync(folder.file('logs'), { recursive: true });
    const secrets = loadSecrets(folder);
    const password = options.demoPassword ?? process.env['KINORA_DEMO_PASSWORD'];
    const demo = {
      email: DEMO_EMAIL,
      password: password === undefined || password === '' ? secrets.demoPassword : password,
    };
    const mailbox = new Mailbox();
    // The port is taken before anything is started: that it is in use must not take a quarter of a minute to find out.
    gateway = await startGateway({ port: options.port ?? 8080, mailbox });

    if (options.build !== false)
      await timed('build', () => buildAll(freshLog(folder.file('logs', 'build.log')), options.signal));
    const started = await timed('back-ends', () =>
      startBackEnds({
        folder,
        demo,
        onCode: (code) => mailbox.add(code),
        onLoss: (name) => !stopping && options.onLoss?.(name),
      }),
    );
    backEnds = started;

    const ports = await assignPorts(folder, 'services', SERVICES);
    const env = environments({
      publicUrl: gateway.url,
      ports,
      backEnds: started,
      secrets,
      storeRoot: folder.file('store'),
      webRoot,
    });
    const services = Object.fromEntries(
      SERVICES.map((name) => [
        name,
        supervise({
          ...{
            name,
            port: ports[name],
            bundle: (options.bundle ?? bundleOf)(name),
            env: { ...env[name], ...options.env?.[name] },
            nodeFlags: options.nodeFlags,
          },
          logFile: freshLog(folder.file('logs', `${name}.log`)),
          onStart: (pid) => folder.noteChild(pid),
          ...(options.onCrash && { onCrash: options.onCrash }),
        }),
      ]),
    ) as Record<ServiceName, Service>;
    all = Object.values(services);
    options.signal?.addEventListener('abort', () => void stop(), { once: true });
    await timed('services', async () => {
      for (const service of all) service.start();
      await Promise.all(all.map((service) => service.waitReady()));
    });
    gateway.open(Object.fromEntries(all.map((service) => [service.name, service.url])) as Record<ServiceName, string>);
    return { url: gateway.url, demo, services, backEnds: started, mailbox, dataDir: folder.root, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Keeps the log of a long life within bounds: one older file besides. */
function freshLog(file: string): string {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 10 << 20) renameSync(file, `${file}.old`);
  return file;
}
