import { createS3Store } from '../src';

describe('the s3 adapter without a server', () => {
  const store = createS3Store({
    region: 'us-east-1',
    forcePathStyle: true,
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
