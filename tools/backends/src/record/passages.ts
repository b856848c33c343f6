import { type Backends, type PassThrough } from '@kinora/testing';
import { type Started } from '../start';
import { type CallRecord } from './record';

export interface Passages extends AsyncDisposable {
  readonly backends: Partial<Backends>;
}

/** The servers as one project's suites find them: all that speaks AWS behind proxies that note the calls as theirs. */
export async function passagesFor(
  project: string,
  { backends, names }: Pick<Started, 'backends' | 'names'>,
  record: CallRecord,
): Promise<Passages> {
  const proxies: PassThrough[] = [];
  const addresses: Record<string, unknown> = { ...backends };
  for (const [key, value] of Object.entries(backends)) {
    if (!('endpoint' in value)) continue;
    const proxy = await record.before(value.endpoint, { project, server: names.get(key) ?? key });
    proxies.push(proxy);
    addresses[key] = { ...value, endpoint: proxy.url };
  }
  return {
    backends: addresses,
    [Symbol.asyncDispose]: async () => void (await Promise.all(proxies.map((proxy) => proxy.stop()))),
  };
}
