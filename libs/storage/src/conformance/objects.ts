import { Readable } from 'node:stream';
import { type StoreHarness } from './harness';
import { bytesOf, codeOf, freshFolder, MIB, read } from './helpers';

/** Whole objects: put, get, head, delete, list, copy, move. */
export function describeObjects(harness: () => StoreHarness): void {
  const hello = Buffer.from('hello, world');

  describe('objects', () => {
    it('keeps bytes, type and cache policy of a buffer', async () => {
      const { store } = harness();
      const key = `${freshFolder()}/a.m3u8`;
      const put = await store.put(key, hello, {
        contentType: 'application/vnd.apple.mpegurl',
        cacheControl: 'public, max-age=1',
      });
      const head = await store.head(key);
      expect(head).toMatchObject({
        key,
        size: 12,
        contentType: 'application/vnd.apple.mpegurl',
        cacheControl: 'public, max-age=1',
        etag: put.etag,
      });
      expect(head?.etag).toMatch(/^".+"$/);
      expect(Math.abs(Date.now() - (head?.lastModified.getTime() ?? 0))).toBeLessThan(60_000);
      expect(await read(store, key)).toEqual(hello);
    });

    it('keeps the type of a key without an extension, and one that its extension belies', async () => {
      const { store } = harness();
      const folder = freshFolder();
      await store.put(`${folder}/source`, hello, { contentType: 'video/x-matroska' });
      await store.put(`${folder}/a.mp4`, hello, { contentType: 'audio/mp4' });
      expect((await store.head(`${folder}/source`))?.contentType).toBe('video/x-matroska');
      const content = await store.get(`${folder}/a.mp4`);
      expect(content.contentType).toBe('audio/mp4');
      content.body.destroy();
    });

    it('takes an empty object', async () => {
      const { store } = harness();
      const key = `${freshFolder()}/empty.bin`;
      await store.put(key, Buffer.alloc(0), { contentType: 'application/octet-stream' });
      const content = await store.get(key);
      expect([content.size, content.totalSize, (await bytesOf(content.body)).length]).toEqual([0, 0, 0]);
    });

    it('takes short and long streams', async () => {
      const { store } = harness();
      const folder = freshFolder();
      const long = Buffer.alloc(17 * MIB + 5, 'kinora');
      await store.put(`${folder}/short.bin`, Readable.from([hello, hello]), {
        contentType: 'application/octet-stream',
      });
      await store.put(`${folder}/long.bin`, Readable.from(chunksOf(long, 700_001)), {
        contentType: 'application/octet-stream',
      });
      expect(await read(store, `${folder}/short.bin`)).toEqual(Buffer.concat([hello, hello]));
      expect((await read(store, `${folder}/long.bin`)).equals(long)).toBe(true);
    });

    it('writes nothing when the stream fails, and passes its error on', async () => {
      const { store } = harness();
      const key = `${freshFolder()}/half.bin`;
      const failing = Readable.from(
        (function* () {
          yield Buffer.alloc(9 * MIB);
          throw new Error('the disk of the reader broke');
        })(),
      );
      await expect(store.put(key, failing, { contentType: 'application/octet-stream' })).rejects.toThrow(
        'the disk of the reader broke',
      );
      expect(await store.head(key)).toBeUndefined();
    });

    it('replaces an object, and its etag with it', async () => {
      const { store } = harness();
      const key = `${freshFolder()}/a.mpd`;
      const first = await store.put(key, hello, { contentType: 'application/dash+xml' });
      const second = await store.put(key, Buffer.from('HELLO, WORLD'), { contentType: 'application/dash+xml' });
      expect(second.etag).not.toBe(first.etag);
      expect((await read(store, key)).toString()).toBe('HELLO, WORLD');
    });

    it('lets one of several conditional writers win', async () => {
      const { store } = harness();
      const key = `${freshFolder()}/once.bin`;
      const writers = ['a', 'b', 'c', 'd'].map((text) =>
        codeOf(store.put(key, Buffer.from(text), { contentType: 'application/octet-stream', ifNoneMatch: '*' })),
      );
      const codes = await Promise.all(writers);
      expect(codes.filter((code) => code === 'none')).toHaveLength(1);
      expect(codes.filter((code) => code === 'store.precondition_failed')).toHaveLength(3);
      expect((await read(store, key)).toString()).toBe('abcd'[codes.indexOf('none')]);
    });

    it.each([
      [{ start: 0, end: 0 }, 'h', 0, 0],
      [{ start: 7 }, 'world', 7, 11],
      [{ start: 7, end: 900 }, 'world', 7, 11],
      [{ suffix: 5 }, 'world', 7, 11],
      [{ suffix: 500 }, 'hello, world', 0, 11],
    ])('reads the range %j', async (range, text, start, end) => {
      const { store } = harness();
      const key = `${freshFolder()}/a.bin`;
      await store.put(key, hello, { contentType: 'application/octet-stream' });
      const content = await store.get(key, { range });
      expect((await bytesOf(content.body)).toString()).toBe(text);
      expect(content).toMatchObject({ size: text.length, totalSize: 12, range: { start, end } });
    });

    it('says what is not there', async () => {
      const { store } = harness();
      const key = `${freshFolder()}/missing.bin`;
      expect(await store.head(key)).toBeUndefined();
      expect(await codeOf(store.get(key))).toBe('store.not_found');
      expect(await codeOf(store.source(key))).toBe('store.not_found');
      await store.delete(key);
      await store.put(key, hello, { contentType: 'application/octet-stream' });
      expect(await codeOf(store.get(key, { range: { start: 12 } }))).toBe('store.range_not_satisfiable');
      await store.delete(key);
      expect(await store.head(key)).toBeUndefined();
    });

    it('lists and deletes more than a page, and nothing beside it', async () => {
      const { store } = harness();
      const folder = freshFolder();
      const names = Array.from({ length: 1100 }, (_, i) => `${folder}/vid_1/v1080/${i + 1}.m4s`);
      const queue = [...names, `${folder}/vid_10/1.m4s`];
      const writer = async (): Promise<void> => {
        for (let key = queue.pop(); key !== undefined; key = queue.pop())
          await store.put(key, hello, { contentType: 'video/iso.segment' });
      };
      await Promise.all(Array.from({ length: 16 }, writer));
      const listed: string[] = [];
      for await (const { key, size } of store.list(`${folder}/vid_1/`)) {
        listed.push(key);
        expect(size).toBe(12);
      }
      expect(listed.sort()).toEqual(names.sort());
      expect(await store.deletePrefix(`${folder}/vid_1/`)).toBe(1100);
      expect(await store.deletePrefix(`${folder}/vid_1/`)).toBe(0);
      const left: string[] = [];
      for await (const { key } of store.list(`${folder}/vid_1`)) left.push(key);
      expect(left).toEqual([`${folder}/vid_10/1.m4s`]);
    });

    it('copies and moves between buckets, also twice', async () => {
      const { store, other } = harness();
      const folder = freshFolder();
      await store.put(`${folder}/a`, hello, { contentType: 'video/x-matroska' });
      await other.copyFrom(store, `${folder}/a`, `${folder}/copy`);
      expect(await other.head(`${folder}/copy`)).toMatchObject({ size: 12, contentType: 'video/x-matroska' });
      expect(await store.head(`${folder}/a`)).toBeDefined();
      const told = { contentType: 'video/mp4', cacheControl: 'public, max-age=60' };
      await other.copyFrom(store, `${folder}/a`, `${folder}/told`, told);
      expect(await other.head(`${folder}/told`)).toMatchObject({ size: 12, ...told });
      const moved = await other.moveFrom(store, `${folder}/a`, `${folder}/moved`);
      expect(moved).toMatchObject({ key: `${folder}/moved`, size: 12, contentType: 'video/x-matroska' });
      expect(await store.head(`${folder}/a`)).toBeUndefined();
      expect(await other.moveFrom(store, `${folder}/a`, `${folder}/moved`)).toMatchObject({ size: 12 });
      expect(await read(other, `${folder}/moved`)).toEqual(hello);
      expect(await codeOf(other.moveFrom(store, `${folder}/a`, `${folder}/never`))).toBe('store.not_found');
      expect(await codeOf(other.copyFrom(store, `${folder}/a`, `${folder}/never`))).toBe('store.not_found');
    });

    it('shows readers the old object or the new one, never a part of one', async () => {
      const { store } = harness();
      const key = `${freshFolder()}/v.bin`;
      const versions = ['a', 'b', 'c'].map((letter) => Buffer.alloc(2 * MIB, letter));
      await store.put(key, versions[0] ?? hello, { contentType: 'application/octet-stream' });
      const write = async (): Promise<void> => {
        for (const version of [...versions, ...versions])
          await store.put(key, version, { contentType: 'application/octet-stream' });
      };
      const look = async (): Promise<void> => {
        for (let i = 0; i < 8; i += 1) {
          const seen = await read(store, key);
          expect(versions.some((version) => version.equals(seen))).toBe(true);
        }
      };
      await Promise.all([write(), look(), look()]);
    });

    it.each([
      '../x',
      'a/../../x',
      '/etc/passwd',
      'a//b',
      'a/./b',
      'a/',
      '',
      'a\0b',
      'a\\b',
      'a/%2e%2e/b',
      'a b',
      'é',
      'x'.repeat(201),
      `${'x'.repeat(150)}/`.repeat(7) + 'x',
    ])('refuses the key %j everywhere', async (key) => {
      const { store, other } = harness();
      const put = { contentType: 'application/octet-stream' };
      const attempts = [
        store.put(key, hello, put),
        store.get(key),
        store.head(key),
        store.delete(key),
        store.copyFrom(other, 'a', key),
        store.createMultipart(key, put),
        store.signPart({ key, multipartId: '0'.repeat(40), partNumber: 1, size: 1, expiresInSeconds: 60 }),
        store.signGet(key, { expiresInSeconds: 60 }),
        store.source(key),
      ];
      // `copyFrom` may find its source missing first.
      const codes = await Promise.all(attempts.map(codeOf));
      expect(new Set(codes.filter((_, i) => i !== 4))).toEqual(new Set(['store.invalid_key']));
      expect(['store.invalid_key', 'store.not_found']).toContain(codes[4]);
      expect(await codeOf(store.deletePrefix(`${key}x`))).toBe('store.invalid_key');
    });

    it('is ready', async () => {
      await harness().store.ready();
    });

    it('gives a tool something to read by itself', async () => {
      const { store } = harness();
      const key = `${freshFolder()}/a.mp4`;
      await store.put(key, hello, { contentType: 'video/mp4' });
      const source = await store.source(key);
      const fs = await import('node:fs/promises');
      const bytes =
        source.kind === 'file'
          ? await fs.readFile(source.path)
          : Buffer.from(await (await fetch(source.url)).arrayBuffer());
      expect(bytes).toEqual(hello);
    });
  });
}

function* chunksOf(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
