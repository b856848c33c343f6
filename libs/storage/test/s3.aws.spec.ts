import { backend, testBuckets } from '@kinora/testing';
import { createHash, randomBytes } from 'node:crypto';
import { createS3Store, type ObjectStore } from '../src';
import { describeObjectStore } from '../src/conformance';
import { MIB } from '../src/conformance/helpers';

const { endpoint, region, ...credentials } = backend('s3');
const settings = { endpoint, region, credentials, forcePathStyle: true };

const start = async () => {
  const buckets = await testBuckets(backend('s3'));
  const store = createS3Store({ ...settings, name: 'staging', bucket: buckets.staging });
  const small = { copyInPartsAbove: 6 * MIB, copyPartSize: 5 * MIB };
  const other = createS3Store({ ...settings, ...small, name: 'raw', bucket: buckets.raw });
  return { buckets, store, other, close: async () => void (await Promise.all([store.close(), other.close()])) };
};

describeObjectStore('S3', start);

const contentType = 'video/mp4';
const bytesOf = async (store: ObjectStore, key: string) => Buffer.concat(await (await store.get(key)).body.toArray());

describe('S3', () => {
  let here: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => (here = await start()));
  afterAll(() => here.close());

  it('copies large objects in parts', async () => {
    const bytes = randomBytes(13 * MIB);
    await here.store.put('large', bytes, { contentType });
    expect(await here.other.copyFrom(here.store, 'large', 'copy')).toMatchObject({ size: bytes.length, contentType });
    expect((await bytesOf(here.other, 'copy')).equals(bytes)).toBe(true);
  });

  it('refuses a part’s URL that was changed, that is for another key or upload, or that comes after the end', async () => {
    const body = randomBytes(1000);
    const checksum = { algorithm: 'sha256' as const, value: createHash('sha256').update(body).digest('base64') };
    const begin = async (key: string) => {
      const { multipartId } = await here.store.createMultipart(key, { contentType, checksum: 'sha256' });
      const part = { key, multipartId, partNumber: 1, size: body.length, checksum, expiresInSeconds: 600 };
      return { key, multipartId, signed: await here.store.signPart(part) };
    };
    const [one, two] = [await begin('one'), await begin('two')];
    const put = (url: string, headers = one.signed.headers) => fetch(url, { method: 'PUT', body, headers });
    const changed = (from: string | RegExp, to: string) => put(one.signed.url.replace(from, to));

    expect((await changed('partNumber=1', 'partNumber=2')).status).toBe(403);
    expect((await changed(/\/one\?/, '/two?')).status).toBe(403);
    expect((await changed(one.multipartId, two.multipartId)).status).toBe(403);
    expect((await changed('X-Amz-Expires=600', 'X-Amz-Expires=6000')).status).toBe(403);
    const other = { 'x-amz-checksum-sha256': createHash('sha256').update('other').digest('base64') };
    expect((await put(one.signed.url, other)).ok).toBe(false);

    const etag = (await put(one.signed.url)).headers.get('etag') ?? '';
    const { key, multipartId } = one;
    await here.store.completeMultipart(key, multipartId, [{ partNumber: 1, etag, checksum: checksum.value }]);
    expect((await put(one.signed.url)).status).toBe(404);
    expect((await bytesOf(here.store, 'one')).equals(body)).toBe(true);
    await here.store.abortMultipart(two.key, two.multipartId);
  });

  it('lists and deletes a folder of 5,000 objects', async () => {
    const keys = Array.from({ length: 5_000 }, (_, n) => `folder/${String(n).padStart(5, '0')}`);
    for (let at = 0; at < keys.length; at += 50)
      await Promise.all(keys.slice(at, at + 50).map((key) => here.store.put(key, Buffer.from('x'), { contentType })));
    const found: string[] = [];
    for await (const { key } of here.store.list('folder/')) found.push(key);
    expect(found).toEqual(keys);
    expect(await here.store.deletePrefix('folder/')).toBe(5_000);
    for await (const { key } of here.store.list('folder/')) throw new Error(`${key} is still there`);
  }, 120_000);
});
