import { randomBytes } from 'node:crypto';
import { createS3Store } from '../src';
import { describeObjectStore } from '../src/conformance';
import { MIB } from '../src/conformance/helpers';

const {
  KINORA_TEST_S3_ENDPOINT: endpoint,
  KINORA_TEST_S3_KEY,
  KINORA_TEST_S3_SECRET,
  KINORA_TEST_S3_BUCKET,
  KINORA_TEST_S3_BUCKET_2,
} = process.env;

const settings = {
  region: 'us-east-1',
  forcePathStyle: true,
  credentials: { accessKeyId: KINORA_TEST_S3_KEY ?? '', secretAccessKey: KINORA_TEST_S3_SECRET ?? '' },
};

describe('the s3 adapter without a server', () => {
  const store = createS3Store({
    ...settings,
    name: 'staging',
    bucket: 'no-bucket',
    endpoint: 'http://127.0.0.1:9',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  });
  afterAll(() => store.close());

  it('binds key, multipart, part number, size and checksum under the signature', async () => {
    const { url, headers } = await store.signPart({
      key: 'uploads/upl_1/source',
      multipartId: 'm1',
      partNumber: 7,
      size: 123,
      checksum: { algorithm: 'sha256', value: 'AAAA' },
      expiresInSeconds: 60,
    });
    const { pathname, searchParams } = new URL(url);
    expect(pathname).toBe('/no-bucket/uploads/upl_1/source');
    expect(searchParams.get('partNumber')).toBe('7');
    expect(searchParams.get('uploadId')).toBe('m1');
    expect(searchParams.get('X-Amz-Expires')).toBe('60');
    expect(searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;host;x-amz-checksum-sha256');
    expect(headers).toEqual({ 'x-amz-checksum-sha256': 'AAAA' });
    expect([...searchParams.keys()].filter((name) => /crc32/i.test(name))).toEqual([]);
  });

  it('says that it is not available', async () => {
    await expect(store.ready()).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});

// Without an endpoint there is nothing to run these on, and nothing is registered.
if (endpoint !== undefined) {
  const bucket = (name: string, Bucket: string) =>
    createS3Store({ ...settings, name, bucket: Bucket, endpoint, copyInPartsAbove: 6 * MIB, copyPartSize: 5 * MIB });
  const start = async () => {
    const [store, other] = [
      bucket('staging', KINORA_TEST_S3_BUCKET ?? ''),
      bucket('raw', KINORA_TEST_S3_BUCKET_2 ?? KINORA_TEST_S3_BUCKET ?? ''),
    ];
    return { store, other, close: async () => void (await Promise.all([store.close(), other.close()])) };
  };
  describeObjectStore('s3', start);

  it('copies large objects in parts', async () => {
    const { store, other, close } = await start();
    const bytes = randomBytes(13 * MIB);
    const key = `conformance/${randomBytes(8).toString('hex')}/large`;
    await store.put(key, bytes, { contentType: 'video/mp4' });
    expect(await other.copyFrom(store, key, `${key}-copy`)).toMatchObject({
      size: bytes.length,
      contentType: 'video/mp4',
    });
    const parts: Buffer[] = [];
    for await (const chunk of (await other.get(`${key}-copy`)).body) parts.push(chunk as Buffer);
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
    await close();
  });
}
