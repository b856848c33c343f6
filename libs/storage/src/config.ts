import path from 'node:path';
import { z } from 'zod';
import { DiskStore } from './disk/disk-store';
import { type ObjectStore, type Stores, type StoreName } from './object-store';
import { createS3Store } from './s3/s3-store';

/** Environment names of the object store, to be spread into a service's config schema. Check it with `storageProblems`. */
export const storageConfigShape = {
  STORAGE_DRIVER: z.enum(['disk', 's3']),
  STORAGE_DISK_ROOT: z.string().min(1).optional(),
  /** Secret of at least 32 characters, shared by the services and `edge`: signs part URLs of the disk adapter. */
  STORAGE_SIGNING_KEY: z.string().min(32).optional(),
  AWS_REGION: z.string().min(1).optional(),
  S3_ENDPOINT: z.url().optional(),
  S3_FORCE_PATH_STYLE: z.stringbool().optional(),
  S3_BUCKET_STAGING: z.string().min(3).optional(),
  S3_BUCKET_RAW: z.string().min(3).optional(),
  S3_BUCKET_DISTRIBUTION: z.string().min(3).optional(),
};

/** With the platform's public origin, under which the part URLs of the disk adapter lie. */
export type StorageConfig = z.output<z.ZodObject<typeof storageConfigShape>> & { readonly KINORA_PUBLIC_URL: string };

const NEEDS = {
  disk: ['STORAGE_DISK_ROOT', 'STORAGE_SIGNING_KEY'],
  s3: ['AWS_REGION', 'S3_BUCKET_STAGING', 'S3_BUCKET_RAW', 'S3_BUCKET_DISTRIBUTION'],
} as const satisfies Record<string, (keyof StorageConfig)[]>;

/** What the chosen driver lacks, as sentences, so that a service can report all its problems at once. */
export function storageProblems(config: StorageConfig): string[] {
  return NEEDS[config.STORAGE_DRIVER]
    .filter((name) => config[name] === undefined)
    .map((name) => `${name} is required when STORAGE_DRIVER is ${config.STORAGE_DRIVER}`);
}

/** Builds the three stores. Opens nothing yet; the AWS SDK is loaded at the first call of an `s3` store. */
export function createStores(config: StorageConfig): Stores {
  const problems = storageProblems(config);
  if (problems.length > 0) throw new Error(problems.join('; '));
  const of = config.STORAGE_DRIVER === 'disk' ? diskStore(config) : s3Store(config);
  return { staging: of('staging'), raw: of('raw'), distribution: of('distribution') };
}

/**
 * Staging once more, under whatever names people gave the objects that they put there by hand: to look at them, copy and delete them.
 * @throws for another driver than `s3`, where nobody does that
 */
export function createForeignStaging(config: StorageConfig): ObjectStore {
  if (config.STORAGE_DRIVER !== 's3') throw new Error('objects under foreign names need STORAGE_DRIVER s3');
  return s3Store(config, { anyKeys: true })('staging');
}

const diskStore = (config: StorageConfig) => (name: StoreName) =>
  new DiskStore({
    name,
    root: path.resolve(config.STORAGE_DISK_ROOT ?? '', name),
    publicUrl: config.KINORA_PUBLIC_URL,
    signingKey: config.STORAGE_SIGNING_KEY ?? '',
  });

const s3Store = (config: StorageConfig, extra: { readonly anyKeys?: boolean } = {}) => {
  const buckets = {
    staging: config.S3_BUCKET_STAGING,
    raw: config.S3_BUCKET_RAW,
    distribution: config.S3_BUCKET_DISTRIBUTION,
  };
  return (name: StoreName) =>
    createS3Store({
      ...extra,
      name,
      bucket: buckets[name] ?? '',
      region: config.AWS_REGION ?? '',
      ...(config.S3_ENDPOINT !== undefined && { endpoint: config.S3_ENDPOINT }),
      ...(config.S3_FORCE_PATH_STYLE !== undefined && { forcePathStyle: config.S3_FORCE_PATH_STYLE }),
    });
};
