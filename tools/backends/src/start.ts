import { type Backends, type PassThrough } from '@kinora/testing';
import { lacking } from './install/toolchain';
import { type CallRecord } from './record/record';
import { type Running, type Server } from './servers/server';

export interface Started extends AsyncDisposable {
  readonly backends: Partial<Backends>;
  /** Why a server is not there, by what it would provide. */
  readonly skipped: ReadonlyMap<string, string>;
}

/** Without the list of what it does. */
const shortNameOf = ({ name }: Server): string => name.replace(/ \(.*/, '');

const addressesOf = (running: readonly Running[]): Partial<Backends> =>
  Object.assign({}, ...running.map(({ address }) => address)) as Partial<Backends>;

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** A running server with proxies before all of it that speaks AWS, which note the calls. */
async function recorded(running: Running, name: string, record: CallRecord): Promise<Running> {
  const proxies: PassThrough[] = [];
  const address: Record<string, unknown> = { ...running.address };
  for (const [key, value] of Object.entries(running.address)) {
    if (!('endpoint' in value)) continue;
    const proxy = await record.before(name, value.endpoint);
    proxies.push(proxy);
    address[key] = { ...value, endpoint: proxy.url };
  }
  return {
    address,
    stop: async () => {
      await Promise.all(proxies.map((proxy) => proxy.stop()));
      await running.stop();
    },
  };
}

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
  { signal, say, record }: { signal: AbortSignal; say: (line: string) => void; record: CallRecord },
): Promise<Started> {
  const running: Running[] = [];
  /** The same servers, past the recorder: what they ask of each other is no call of ours. */
  const plainly: Running[] = [];
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
      const plain = await server.start(addressesOf(plainly));
      plainly.push(plain);
      running.push(await recorded(plain, shortNameOf(server), record));
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
  return { backends: addressesOf(running), skipped, [Symbol.asyncDispose]: stop };
}
