import {
  type GetObjectTaggingCommandOutput,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { asSetUp, backend, testBuckets } from '@kinora/testing';
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { createS3Store, createStores, type ObjectStore, type SignedPart, storageConfigShape } from '../src';
import { MIB, read, send } from '../src/conformance/helpers';
import { type ObservedS3, startObservedS3 } from './support/observed-s3';
import { z } from 'zod';

/** versitygw checks signatures and keeps tags; it takes no notice of encryption and classes. ministack keeps those, too. */
const versitygw = backend('s3');
const ministack = backend('aws');
const contentType = 'video/mp4';
const VIDEO = 'sources/vid_01J/upl_1';

/** The stores of a configuration, behind a proxy that shows what goes out. */
async function start(server: typeof versitygw, options: Record<string, string>) {
  const s3 = await startObservedS3(server.endpoint);
  const buckets = await testBuckets(server);
  const env = { ...buckets.environment, S3_ENDPOINT: s3.url, ...options };
  const stores = createStores({ ...z.object(storageConfigShape).parse(env), KINORA_PUBLIC_URL: 'http://localhost' });
  const client = new S3Client({ ...asSetUp(server), forcePathStyle: true });
  const tagsOf = async (Bucket: string, Key: string) => {
    const { TagSet }: GetObjectTaggingCommandOutput = await client.send(new GetObjectTaggingCommand({ Bucket, Key }));
    return Object.fromEntries((TagSet ?? []).map((tag) => [tag.Key, tag.Value]));
  };
  const headOf = (Bucket: string, Key: string) => client.send(new HeadObjectCommand({ Bucket, Key }));
  const close = async () => {
    await Promise.all(Object.values(stores).map((store: ObjectStore) => store.close()));
    client.destroy();
    await s3.stop();
  };
  return { s3, stores, buckets, tagsOf, headOf, close };
}

const KMS = 'arn:aws:kms:us-east-1:000000000000:key/00000000-0000-4000-8000-000000000000';
const options = {
  STORAGE_S3_SSE: 'aws:kms',
  STORAGE_S3_KMS_KEY_ID: KMS,
  STORAGE_S3_STORAGE_CLASS_RAW: 'INTELLIGENT_TIERING',
  STORAGE_S3_TAGS: 'kinora:service=upload,kinora:store={store},kinora:video={video}',
};

/** Headers that say how S3 keeps an object. */
const keeping = ({ seen }: ObservedS3) =>
  seen
    .filter(({ method }) => method === 'PUT' || method === 'POST')
    .map(({ method, path, headers }) => ({
      what: `${method}${/[?&](uploads|partNumber|uploadId)\b/.exec(path)?.[0].replace(/^&/, '?') ?? ''}`,
      sse: headers['x-amz-server-side-encryption'],
      key: headers['x-amz-server-side-encryption-aws-kms-key-id'],
      bucketKey: headers['x-amz-server-side-encryption-bucket-key-enabled'],
      class: headers['x-amz-storage-class'],
      tags: headers['x-amz-tagging'],
      retag: headers['x-amz-tagging-directive'],
    }));

describe('how S3 is to keep objects', () => {
  let here: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => (here = await start(versitygw, options)));
  beforeEach(() => here.s3.forget());
  afterAll(() => here.close());

  const encrypted = { sse: 'aws:kms', key: KMS, bucketKey: 'true' };
  const tags = 'kinora%3Aservice=upload&kinora%3Astore=raw&kinora%3Avideo=vid_01J';
  const nothing = { sse: undefined, key: undefined, bucketKey: undefined, class: undefined, tags: undefined };

  it('goes out with every object that is put, whole and in parts, and not with the parts', async () => {
    await here.stores.raw.put(VIDEO, Buffer.from('x'), { contentType });
    const asked = { ...encrypted, class: 'INTELLIGENT_TIERING', tags };
    expect(keeping(here.s3)).toMatchObject([{ what: 'PUT', ...asked }]);
    expect(await here.tagsOf(here.buckets.raw, VIDEO)).toEqual({
      'kinora:service': 'upload',
      'kinora:store': 'raw',
      'kinora:video': 'vid_01J',
    });

    here.s3.forget();
    await here.stores.raw.put(`${VIDEO}_long`, Readable.from([randomBytes(9 * MIB)]), { contentType });
    expect(keeping(here.s3)).toMatchObject([
      { what: 'POST?uploads', ...asked },
      { what: 'PUT?partNumber', ...nothing },
      { what: 'PUT?partNumber', ...nothing },
      { what: 'POST?uploadId', ...nothing },
    ]);
  });

  it('goes out with a copy, which does not take over tags and class of its source', async () => {
    await here.stores.staging.put('uploads/upl_1/source', Buffer.from('x'), { contentType });
    expect(await here.tagsOf(here.buckets.staging, 'uploads/upl_1/source')).toEqual({
      'kinora:service': 'upload',
      'kinora:store': 'staging',
    });
    here.s3.forget();
    await here.stores.raw.moveFrom(here.stores.staging, 'uploads/upl_1/source', VIDEO);
    expect(keeping(here.s3)).toMatchObject([
      { what: 'PUT', ...encrypted, class: 'INTELLIGENT_TIERING', tags, retag: 'REPLACE' },
    ]);
    expect(await here.tagsOf(here.buckets.raw, VIDEO)).toMatchObject({ 'kinora:store': 'raw' });
  });

  it('asks nothing more of a client that sends parts', async () => {
    const { staging } = here.stores;
    const key = 'uploads/upl_2/source';
    const { multipartId } = await staging.createMultipart(key, { contentType, checksum: 'crc32c' });
    const body = randomBytes(1000);
    const { checksumOf } = await import('../src');
    const part = { key, multipartId, partNumber: 1, size: body.length, checksum: checksumOf('crc32c', body) };
    const signed = await staging.signPart({ ...part, expiresInSeconds: 60 });
    expect(Object.keys(signed.headers)).toEqual(['x-amz-checksum-crc32c']);
    expect(new URL(signed.url).search).not.toMatch(/encryption|tagging|storage-class/i);
    const { status, etag } = await send(signed, body);
    expect(status).toBe(200);
    await staging.completeMultipart(key, multipartId, [{ partNumber: 1, etag }]);
    expect((await read(staging, key)).equals(body)).toBe(true);
    expect(keeping(here.s3)).toMatchObject([
      { what: 'POST?uploads', ...encrypted, class: undefined },
      { what: 'PUT?partNumber', ...nothing },
      { what: 'POST?uploadId', ...nothing },
    ]);
  });
});

describe('a server that keeps encryption and class', () => {
  let here: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => (here = await start(ministack, options)));
  afterAll(() => here.close());

  it('shows them on what was put, sent in parts, and copied', async () => {
    const kept = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KMS };
    await here.stores.raw.put(VIDEO, Buffer.from('x'), { contentType });
    expect(await here.headOf(here.buckets.raw, VIDEO)).toMatchObject({ ...kept, StorageClass: 'INTELLIGENT_TIERING' });

    const key = 'uploads/upl_3/source';
    const { multipartId } = await here.stores.staging.createMultipart(key, { contentType });
    const body = randomBytes(1000);
    const { status, etag } = await send(
      await here.stores.staging.signPart({ key, multipartId, partNumber: 1, size: 1000, expiresInSeconds: 60 }),
      body,
    );
    expect(status).toBe(200);
    await here.stores.staging.completeMultipart(key, multipartId, [{ partNumber: 1, etag }]);
    expect(await here.headOf(here.buckets.staging, key)).toMatchObject(kept);
    expect((await read(here.stores.staging, key)).equals(body)).toBe(true);

    await here.stores.raw.copyFrom(here.stores.staging, key, `${VIDEO}_copy`);
    expect(await here.headOf(here.buckets.raw, `${VIDEO}_copy`)).toMatchObject({
      ...kept,
      StorageClass: 'INTELLIGENT_TIERING',
    });
    expect(await here.tagsOf(here.buckets.raw, `${VIDEO}_copy`)).toMatchObject({ 'kinora:video': 'vid_01J' });
  });
});

describe('Transfer Acceleration', () => {
  const { endpoint, region, ...credentials } = versitygw;
  let here: ObjectStore;
  let far: ObjectStore;
  let bucket: string;
  beforeAll(async () => {
    bucket = (await testBuckets(versitygw)).staging;
    here = createS3Store({ region, credentials, endpoint, forcePathStyle: true, name: 'staging', bucket });
    far = createS3Store({ region, credentials, accelerate: true, name: 'staging', bucket });
  });
  afterAll(() => Promise.all([here.close(), far.close()]));

  /** Follows a URL as a browser does, but for the name's address: it is on the loopback here. */
  const follow = ({ url, headers }: SignedPart, body: Buffer): Promise<number> =>
    new Promise((resolve, reject) => {
      const { host, pathname, search } = new URL(url);
      const { hostname, port } = new URL(endpoint);
      const own = { host, ...headers, 'content-length': body.length };
      request({ method: 'PUT', hostname, port, path: pathname + search, headers: own }, (res) =>
        resolve(res.resume().statusCode ?? 0),
      )
        .once('error', reject)
        .end(body);
    });

  it('takes parts under its own name, which is signed as all else is', async () => {
    const key = 'uploads/upl_4/source';
    const body = randomBytes(1000);
    const { multipartId } = await here.createMultipart(key, { contentType });
    const part = { key, multipartId, partNumber: 1, size: body.length, expiresInSeconds: 60 };
    const signed = await far.signPart(part);
    expect(new URL(signed.url).host).toBe(`${bucket}.s3-accelerate.amazonaws.com`);
    expect(await follow({ ...signed, url: signed.url.replace('partNumber=1', 'partNumber=2') }, body)).toBe(403);
    expect(await follow(signed, body)).toBe(200);
    const [stored] = await here.listParts(key, multipartId);
    await here.completeMultipart(key, multipartId, [{ partNumber: 1, etag: stored?.etag ?? '' }]);
    expect((await read(here, key)).equals(body)).toBe(true);
  });

  it('is for clients far away: what a service sends or reads itself goes to the bucket directly', async () => {
    const key = 'uploads/upl_5/source';
    const part = { key, multipartId: 'm', partNumber: 1, size: 1, expiresInSeconds: 60 };
    const direct = `${bucket}.s3.${region}.amazonaws.com`;
    // The SDK has the region's name or, in us-east-1, the global one.
    const hosts = [direct, `${bucket}.s3.amazonaws.com`];
    expect(hosts).toContain(new URL((await far.signPart({ ...part, inside: true })).url).host);
    expect(hosts).toContain(new URL(await far.signGet(key, { expiresInSeconds: 60 })).host);
  });
});
