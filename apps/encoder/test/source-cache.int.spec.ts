import { type ObjectContent, DiskStore, StoreUnavailable } from '@kinora/storage';
import { freshDir, media, probe } from '@kinora/testing';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { createBlockCache } from '../src/adapters/source/block-cache';
import { createRangeServer, rangeOf } from '../src/adapters/source/range-server';
import { makeScratch } from '../src/adapters/source/scratch';
import { cachedView } from '../src/adapters/source/source-view';

jest.setTimeout(60_000);

const KIB = 1024;
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A store on a disk that can be told to fail, as one over a network does. */
class FailingStore extends DiskStore {
  readonly asked: { start: number; end: number }[] = [];
  /** What happens to the answer of each request, in turn; undefined: nothing. */
  faults: ('refuse' | 'cut' | 'stall' | undefined)[] = [];

  override async get(...[key, options]: Parameters<DiskStore['get']>): Promise<ObjectContent> {
    const content = await super.get(key, options);
    if (content.range) this.asked.push(content.range);
    const fault = this.faults.shift();
    if (fault === undefined) return content;
    if (fault === 'refuse') {
      content.body.destroy();
      throw new StoreUnavailable('slow down');
    }
    const { body } = content;
    async function* half() {
      for await (const bytes of body) {
        yield (bytes as Buffer).subarray(0, Math.ceil((bytes as Buffer).length / 2));
        if (fault === 'cut') throw new StoreUnavailable('connection reset');
        await new Promise(() => undefined);
      }
    }
    return { ...content, body: Readable.from(half(), { objectMode: false }) };
  }
}

async function setUp(content: Buffer | string, options: { maxBytes?: number; idleMs?: number } = {}) {
  const store = new FailingStore({
    ...{ name: 'raw', root: freshDir('raw'), publicUrl: 'http://localhost', signingKey: 'k'.repeat(32) },
  });
  const body = typeof content === 'string' ? createReadStream(content) : content;
  const { key, etag, size } = await store.put('sources/one', body, { contentType: 'video/mp4' });
  const folder = await makeScratch(freshDir('scratch'));
  const cache = createBlockCache({ store, folder, blockBytes: 64 * KIB, ...options });
  const server = createRangeServer();
  const url = await server.urlOf(cachedView(cache, { key, etag, size }));
  const close = async () => {
    await server.close();
    await cache.close();
  };
  return { store, folder, close, url, [Symbol.asyncDispose]: close };
}
const bytesOf = async (url: string, range?: string) => {
  const res = await fetch(url, range === undefined ? {} : { headers: { range } });
  return { status: res.status, bytes: Buffer.from(await res.arrayBuffer()) };
};

it('gives every range of an object, and nothing but that object', async () => {
  const content = randomBytes(300 * KIB + 17);
  await using set = await setUp(content);
  expect((await bytesOf(set.url)).bytes.equals(content)).toBe(true);
  for (const [from, to] of [
    [0, 0],
    [0, 65_535],
    [65_535, 65_536],
    [100_000, 250_000],
    [307_000, 999_999],
  ] as const)
    // prettier-ignore
    expect((await bytesOf(set.url, `bytes=${from}-${to}`)).bytes.equals(content.subarray(from, to + 1))).toBe(true);
  expect((await bytesOf(set.url, 'bytes=-100')).bytes.equals(content.subarray(-100))).toBe(true);
  expect((await bytesOf(set.url, 'bytes=400000-')).status).toBe(416);
  for (const other of ['sources/one', `${path.basename(set.url)}/x`, ''])
    expect((await bytesOf(new URL(`/${other}`, set.url).href)).status).toBe(404);
  expect((await fetch(set.url, { method: 'DELETE' })).status).toBe(404);
});

it('asks the store once for what many read, at the same time or later', async () => {
  const content = randomBytes(512 * KIB);
  await using set = await setUp(content);
  const readers = await Promise.all(Array.from({ length: 6 }, () => bytesOf(set.url)));
  for (const { bytes } of readers) expect(sha(bytes)).toBe(sha(content));
  await bytesOf(set.url, 'bytes=100000-400000');
  expect(set.store.asked).toHaveLength(8);
});

it('brings every byte through refusals, cut connections and silence, asking only for what is missing', async () => {
  const content = randomBytes(256 * KIB);
  await using set = await setUp(content, { idleMs: 1_000 });
  set.store.faults = ['refuse', 'cut', 'stall', 'refuse', undefined, 'stall', 'cut'];
  expect(sha((await bytesOf(set.url)).bytes)).toBe(sha(content));
  const total = set.store.asked.reduce((sum, { start, end }) => sum + end - start + 1, 0);
  // The refused were asked for in vain; of the others no byte twice but those that were on their way.
  expect(total).toBeLessThan(3 * content.length);
});

it('ends a connection whose object was replaced or stays away', async () => {
  await using set = await setUp(randomBytes(256 * KIB));
  set.store.faults = Array.from({ length: 50 }, () => 'refuse' as const);
  await expect(bytesOf(set.url)).rejects.toThrow();
  set.store.faults = [];
  await set.store.put('sources/one', randomBytes(256 * KIB), { contentType: 'video/mp4' });
  await expect(bytesOf(set.url)).rejects.toThrow();
});

it('keeps within its bound, and leaves nothing behind', async () => {
  const content = randomBytes(1024 * KIB);
  const set = await setUp(content, { maxBytes: 256 * KIB });
  expect(sha((await bytesOf(set.url)).bytes)).toBe(sha(content));
  expect(sha((await bytesOf(set.url)).bytes)).toBe(sha(content));
  const kept = readdirSync(set.folder).map((name) => statSync(path.join(set.folder, name)).size);
  expect(kept.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(256 * KIB);
  await set.close();
  expect(existsSync(set.folder)).toBe(false);
});

it('is read by ffmpeg', async () => {
  await using set = await setUp(await media.mp4({ seconds: 10 }));
  expect((await probe(set.url)).streams[0]).toMatchObject({ codec_name: 'h264' });
});

it('clears away what an encoder that was killed has left', async () => {
  const parent = freshDir('scratch');
  // Of no process, and of this one's number: the one before it in a container.
  const left = [`kinora-encoder-4194305-abc`, `kinora-encoder-${process.pid}-abc`].map((one) => path.join(parent, one));
  left.forEach((one) => mkdirSync(one));
  const [first, second] = [await makeScratch(parent), await makeScratch(parent)];
  expect([...left, first, second].map((one) => existsSync(one))).toEqual([false, false, true, true]);
});

it.each([
  [undefined, undefined],
  ['bytes=0-9', { start: 0, end: 9 }],
  ['bytes=90-', { start: 90, end: 99 }],
  ['bytes=-1', { start: 99, end: 99 }],
  ['bytes=-1000', { start: 0, end: 99 }],
  ['bytes=100-', null],
  ['bytes=5-4', null],
  ['bytes=0-1,5-6', undefined],
])('reads the header %s', (header, range) => {
  expect(rangeOf(header, 100)).toEqual(range);
});
