import { type Backends } from '@kinora/testing';
import { lacking } from './install/toolchain';
import { type Running, type Server } from './servers/server';

export interface Started extends AsyncDisposable {
  readonly backends: Partial<Backends>;
  /** Why a server is not there, by what it would provide. */
  readonly skipped: ReadonlyMap<string, string>;
}

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/**
 * Installs and starts servers, two at a time, and says of each in one line how that went.
 * @throws if one can't be installed or started although its toolchain is there
 */
export async function startServers(
  servers: readonly Server[],
  { signal, say }: { signal: AbortSignal; say: (line: string) => void },
): Promise<Started> {
  const running: Running[] = [];
  const skipped = new Map<string, string>();
  const stop = async (): Promise<void> => void (await Promise.all(running.map((server) => server.stop())));
  const queue = [...servers];
  const work = async (): Promise<void> => {
    for (let server = queue.shift(); server !== undefined; server = queue.shift()) {
      signal.throwIfAborted();
      const missing = lacking(server.needs);
      if (missing.length > 0) {
        const reason = `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not installed`;
        for (const name of server.provides) skipped.set(name, reason);
        say(`${server.name} ${server.version}: skipped, because ${reason}`);
        continue;
      }
      const began = performance.now();
      await server.install(signal);
      const installed = performance.now();
      running.push(await server.start());
      const install = installed - began > 1_000 ? `installed in ${((installed - began) / 1000).toFixed(1)} s, ` : '';
      say(`${server.name} ${server.version}: ${install}started in ${seconds(installed)}`);
    }
  };
  const results = await Promise.allSettled([work(), work()]);
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) {
    await stop();
    throw failure.reason;
  }
  const backends = Object.assign({}, ...running.map(({ address }) => address)) as Partial<Backends>;
  return { backends, skipped, [Symbol.asyncDispose]: stop };
}
