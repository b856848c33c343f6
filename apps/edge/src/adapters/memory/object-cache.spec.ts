import { type ObjectContent, type ObjectStore } from '@kinora/storage';
import { Readable } from 'node:stream';
import { ObjectCache } from './object-cache';

/** A store that is a map, and counts. */
function mapStore() {
  const objects = new Map<string, { bytes: Buffer; etag: string }>();
  const calls = { get: 0, head: 0 };
  const info = (key: string) => {
    const found = objects.get(key);
    return found && { key, size: found.bytes.length, etag: found.etag, contentType: 'x/y', lastModified: new Date(0) };
  };
  const store: Pick<ObjectStore, 'get' | 'head'> = {
    async get(key): Promise<ObjectContent> {
      calls.get += 1;
      const [found, facts] = [objects.get(key), info(key)];
      if (!found || !facts) throw new Error('not there');
      return { ...facts, totalSize: facts.size, body: Readable.from([found.bytes]) };
    },
    async head(key) {
      calls.head += 1;
      return info(key);
    },
  };
  return {
    store: store as ObjectStore,
    calls,
    put: (key: string, bytes: Buffer, etag: string) => objects.set(key, { bytes, etag }),
    remove: (key: string) => objects.delete(key),
  };
}

describe('the cache of hot objects', () => {
  const setUp = (maxBytes = 100_000) => {
    const map = mapStore();
    const time = { now: 0 };
    return {
      ...map,
      time,
      cache: new ObjectCache({ store: map.store, maxBytes, maxObjectBytes: 10_000, clock: () => time.now }),
    };
  };

  it('asks once for many at once, and then not at all', async () => {
    const { cache, calls, put } = setUp();
    put('a.m4s', Buffer.from('abc'), '"1"');
    const many = await Promise.all(Array.from({ length: 50 }, () => cache.get('a.m4s')));
    expect(new Set(many.map(({ body }) => body?.toString()))).toEqual(new Set(['abc']));
    expect((await cache.get('a.m4s')).outcome).toBe('hit');
    expect(calls).toEqual({ get: 1, head: 0 });
  });

  it('compares a manifest with the store again soon, and reads it only when it changed', async () => {
    const { cache, calls, put, time } = setUp();
    put('a.m3u8', Buffer.from('one'), '"1"');
    await cache.get('a.m3u8');
    time.now = 300;
    expect((await cache.get('a.m3u8')).outcome).toBe('revalidated');
    expect(calls).toEqual({ get: 1, head: 1 });
    put('a.m3u8', Buffer.from('two'), '"2"');
    time.now = 600;
    expect((await cache.get('a.m3u8')).body?.toString()).toBe('two');
  });

  it('keeps no failures and nothing that was deleted', async () => {
    const { cache, put, remove, time } = setUp();
    await expect(cache.get('a.m3u8')).rejects.toThrow();
    put('a.m3u8', Buffer.from('one'), '"1"');
    expect((await cache.get('a.m3u8')).body?.toString()).toBe('one');
    remove('a.m3u8');
    time.now = 300;
    await expect(cache.get('a.m3u8')).rejects.toThrow();
    expect(cache.bytes).toBe(0);
  });

  it('stays within its bound, and keeps large objects out', async () => {
    const { cache, put } = setUp(50_000);
    for (let i = 0; i < 100; i += 1) {
      put(`${i}.m4s`, Buffer.alloc(9_000), `"${i}"`);
      await cache.get(`${i}.m4s`);
      expect(cache.bytes).toBeLessThanOrEqual(50_000);
    }
    put('large.m4s', Buffer.alloc(20_000), '"l"');
    expect(await cache.get('large.m4s')).toMatchObject({ outcome: 'large', info: { size: 20_000 } });
    expect((await cache.get('large.m4s')).body).toBeUndefined();
  });

  it('forgets a prefix', async () => {
    const { cache, calls, put } = setUp();
    put('media/a/1.m4s', Buffer.from('a'), '"1"');
    put('media/ab/1.m4s', Buffer.from('b'), '"2"');
    await Promise.all([cache.get('media/a/1.m4s'), cache.get('media/ab/1.m4s')]);
    cache.deletePrefix('media/a/');
    await cache.get('media/ab/1.m4s');
    expect(calls.get).toBe(2);
    await cache.get('media/a/1.m4s');
    expect(calls.get).toBe(3);
  });
});
