import { type Backends } from '@kinora/testing';
import { lacking } from './install/toolchain';
import { type Running, type Server } from './servers/server';

export interface Started extends AsyncDisposable {
  /** Where the servers themselves are. */
  readonly backends: Partial<Backends>;
  /** The servers' names without what they do, by what they provide. */
  readonly names: ReadonlyMap<string, string>;
  /** Why a server is not there, by what it would provide. */
  readonly skipped: ReadonlyMap<string, string>;
}

const shortNameOf = ({ name }: Server): string => name.replace(/ \(.*/, '');

const addressesOf = (running: readonly Running[]): Partial<Backends> =>
  Object.assign({}, ...running.map(({ address }) => address)) as Partial<Backends>;

/** The time since then, for people. */
export const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** Why a server can't be started on this machine; undefined if it can. */
function whyNot({ needs, uses = [] }: Server, skipped: ReadonlyMap<string, string>): string | undefined {
  const missing = lacking(needs);
  if (missing.length > 0) return `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not installed`;
  return uses.flatMap((name) => skipped.get(name) ?? [])[0];
}

/** These servers and those that they use. */
export const withUsed = (wanted: readonly Server[], all: readonly Server[]): Server[] => {
  const used = new Set(wanted.flatMap(({ uses = [] }) => uses));
  return all.filter((server) => wanted.includes(server) || server.provides.some((name) => used.has(name)));
};

/**
 * Installs and starts servers, two at a time, those that use others after them, and says of each in one line how that went.
 * @throws if one can't be installed or started although its toolchain is there
 */
export async function startServers(
  servers: readonly Server[],
  { signal, say }: { signal: AbortSignal; say: (line: string) => void },
): Promise<Started> {
  const running: Running[] = [];
  const names = new Map<string, string>();
  const skipped = new Map<string, string>();
  const stop = async (): Promise<void> => void (await Promise.all(running.map((server) => server.stop())));
  const work = async (queue: Server[]): Promise<void> => {
    for (let server = queue.shift(); server !== undefined; server = queue.shift()) {
      signal.throwIfAborted();
      const reason = whyNot(server, skipped);
      if (reason !== undefined) {
        for (const name of server.provides) skipped.set(name, reason);
        say(`${server.name} ${server.version}: skipped, because ${reason}`);
        continue;
      }
      const began = performance.now();
      await server.install(signal);
      const installed = performance.now();
      running.push(await server.start(addressesOf(running)));
      for (const name of server.provides) names.set(name, shortNameOf(server));
      const install = installed - began > 1_000 ? `installed in ${((installed - began) / 1000).toFixed(1)} s, ` : '';
      say(`${server.name} ${server.version}: ${install}started in ${seconds(installed)}`);
    }
  };
  const independent = servers.filter(({ uses }) => uses === undefined);
  for (const queue of [independent, servers.filter((server) => !independent.includes(server))]) {
    const results = await Promise.allSettled([work(queue), work(queue)]);
    const failure = results.find((result) => result.status === 'rejected');
    if (failure) {
      await stop();
      throw failure.reason;
    }
  }
  return { backends: addressesOf(running), names, skipped, [Symbol.asyncDispose]: stop };
}
