import { backend, eventually } from '@kinora/testing';
import { type Client } from '@opensearch-project/opensearch';
import { type BulkOptions, IndexOverloaded, createBulk } from '../src/adapters/opensearch/bulk';
import { LIVE } from '../src/adapters/opensearch/definition';
import { writeOf } from '../src/adapters/opensearch/documents';
import { createOpenSearch } from '../src/adapters/opensearch/open-search';
import { createOpenSearchWriter } from '../src/adapters/opensearch/writer';
import { emptyOpenSearch, patientGuard, publishEmptyIndex } from './support/open-search';
import { document, nobody, query } from './support/search';

const { url } = backend('opensearch');
const guard = patientGuard();

let client: Client;
beforeAll(async () => {
  client = await emptyOpenSearch(url);
  await publishEmptyIndex(client);
});
afterAll(() => client.close());

const total = async (text: string) =>
  (await createOpenSearch(client, guard).search(nobody, query(text, { limit: 1 }))).total;

/** OpenSearch's own answer to a disk that is nearly full: every write is 429 until the block is lifted. */
const setFull = (full: boolean) =>
  client.indices.putSettings({ index: LIVE, body: { index: { blocks: { read_only_allow_delete: full } } } });

it('waits, longer each time and never together, while OpenSearch has no room, and then goes on', async () => {
  const waits: { attempt: number; writes: number; ms: number }[] = [];
  const options: BulkOptions = { attempts: 1_000, baseMs: 4, mostMs: 60, onBackOff: (one) => waits.push(one) };
  const writer = createOpenSearchWriter(client, guard, { ...options, refresh: true });
  await setFull(true);
  let written = false;
  const writing = writer.put([document('Patience one'), document('Patience two')]).then(() => (written = true));
  await eventually(() => waits.length >= 5, { timeoutMs: 60_000 });
  expect(written).toBe(false);
  await setFull(false);
  await writing;
  expect(await total('patience')).toBe(2);
  expect(waits.every(({ writes, ms, attempt }) => writes === 2 && ms <= Math.min(60, 4 * 2 ** attempt))).toBe(true);
  expect(new Set(waits.map(({ ms }) => ms)).size).toBeGreaterThan(1);
});

it('gives up after its attempts, so that a worker is not held', async () => {
  await setFull(true);
  const put = createOpenSearchWriter(client, guard, { attempts: 2, baseMs: 1 }).put([document('Too late')]);
  await expect(put).rejects.toBeInstanceOf(IndexOverloaded);
  await setFull(false);
});

it('is not stopped by a document that OpenSearch refuses', async () => {
  // No term of an index may be longer than 32,766 bytes.
  const poison = document('Poisonous', { tags: ['x'.repeat(40_000)] });
  const healthy = Array.from({ length: 5 }, (_, n) => document(`Healthy ${n}`));
  const writer = createOpenSearchWriter(client, guard, { refresh: true });
  const refused = await writer.put([...healthy.slice(0, 2), poison, ...healthy.slice(2)]);
  expect(refused).toEqual([{ videoId: poison.videoId, reason: expect.stringContaining('immense term') }]);
  expect(await total('healthy')).toBe(5);
});

it('keeps requests small', async () => {
  const sizes: number[] = [];
  const watched = new Proxy(client, {
    get: (target, name, receiver) =>
      name === 'bulk'
        ? (params: Parameters<Client['bulk']>[0]) => {
            sizes.push(Buffer.byteLength(JSON.stringify(params.body)));
            return target.bulk(params);
          }
        : (Reflect.get(target, name, receiver) as unknown),
  });
  const documents = Array.from({ length: 40 }, (_, n) =>
    document(`Bounded ${n}`, { description: 'heavy words '.repeat(100) }),
  );
  await createBulk(watched, guard, { maxBytes: 100_000, refresh: true })(documents.map(writeOf));
  expect(sizes.length).toBeGreaterThan(2);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(110_000);
  expect(await total('bounded')).toBe(40);
});
