import { z } from 'zod';
import { createStores, DiskStore, storageConfigShape, storageProblems } from '.';

const parse = (env: Record<string, string>) => ({
  ...z.object(storageConfigShape).parse(env),
  KINORA_PUBLIC_URL: 'http://localhost:8080',
});

describe('storage config', () => {
  it('names all that a driver lacks', () => {
    expect(storageProblems(parse({ STORAGE_DRIVER: 'disk' }))).toEqual([
      'STORAGE_DISK_ROOT is required when STORAGE_DRIVER is disk',
      'STORAGE_SIGNING_KEY is required when STORAGE_DRIVER is disk',
    ]);
    expect(storageProblems(parse({ STORAGE_DRIVER: 's3', AWS_REGION: 'eu-central-1' }))).toHaveLength(3);
    expect(() => createStores(parse({ STORAGE_DRIVER: 's3' }))).toThrow(/AWS_REGION.*S3_BUCKET_RAW/);
  });

  it('names options of S3 that exclude each other', () => {
    const s3 = {
      STORAGE_DRIVER: 's3',
      AWS_REGION: 'eu-central-1',
      S3_BUCKET_STAGING: 'a.b.c',
      S3_BUCKET_RAW: 'bbb',
      S3_BUCKET_DISTRIBUTION: 'ccc',
    };
    expect(storageProblems(parse({ ...s3, STORAGE_S3_SSE: 'aws:kms', STORAGE_S3_KMS_KEY_ID: 'alias/a' }))).toEqual([]);
    expect(storageProblems(parse({ ...s3, STORAGE_S3_SSE: 'AES256', STORAGE_S3_KMS_KEY_ID: 'alias/a' }))).toEqual([
      'STORAGE_S3_KMS_KEY_ID is of use only when STORAGE_S3_SSE is aws:kms',
    ]);
    const elsewhere = { S3_ENDPOINT: 'http://127.0.0.1:9000', S3_FORCE_PATH_STYLE: 'true' };
    expect(storageProblems(parse({ ...s3, ...elsewhere, STORAGE_S3_ACCELERATE: 'true' }))).toEqual([
      'STORAGE_S3_ACCELERATE and S3_ENDPOINT exclude each other',
      'STORAGE_S3_ACCELERATE and S3_FORCE_PATH_STYLE exclude each other',
      'STORAGE_S3_ACCELERATE needs an S3_BUCKET_STAGING without dots in its name',
    ]);
    expect(() => parse({ ...s3, STORAGE_S3_STORAGE_CLASS_RAW: 'DEEP_ARCHIVE' })).toThrow(
      /STORAGE_S3_STORAGE_CLASS_RAW/,
    );
    expect(() => parse({ ...s3, STORAGE_S3_TAGS: 'team' })).toThrow(/STORAGE_S3_TAGS/);
  });

  it('makes three stores', () => {
    const stores = createStores(
      parse({ STORAGE_DRIVER: 'disk', STORAGE_DISK_ROOT: '/nowhere', STORAGE_SIGNING_KEY: 'k'.repeat(32) }),
    );
    expect([stores.staging.name, stores.raw.name, stores.distribution.name]).toEqual([
      'staging',
      'raw',
      'distribution',
    ]);
    expect(stores.staging).toBeInstanceOf(DiskStore);
  });

  it('does not load the AWS SDK for an s3 store that is not used', () => {
    const env = {
      STORAGE_DRIVER: 's3',
      AWS_REGION: 'eu-central-1',
      S3_BUCKET_STAGING: 'aaa',
      S3_BUCKET_RAW: 'bbb',
      S3_BUCKET_DISTRIBUTION: 'ccc',
      S3_FORCE_PATH_STYLE: 'true',
    };
    expect(createStores(parse(env)).raw.name).toBe('raw');
  });
});
