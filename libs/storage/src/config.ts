import path from 'node:path';
import { z } from 'zod';
import { DiskStore } from './disk/disk-store';
import { type ObjectStore, type Stores, type StoreName } from './object-store';
import { createS3Store, type S3StoreOptions } from './s3/s3-store';
import { parseTags, STORAGE_CLASSES, type WritePolicy } from './s3/write-policy';

/** Environment names of the object store, to be spread into a service's config schema. Check it with `storageProblems`. */
export const storageConfigShape = {
  /** Where objects are kept: in a folder of all machines, or in S3. */
  STORAGE_DRIVER: z.enum(['disk', 's3']),
  /** The folder of the `disk` driver. */
  STORAGE_DISK_ROOT: z.string().min(1).optional(),
  /** Secret of at least 32 characters, shared by the services and `edge`: signs part URLs of the disk adapter. */
  STORAGE_SIGNING_KEY: z.string().min(32).optional(),
  /** Region of the buckets. */
  AWS_REGION: z.string().min(1).optional(),
  /** Another server that speaks S3; absent in AWS. */
  S3_ENDPOINT: z.url().optional(),
  /** The bucket in the path rather than in the host, as other servers than AWS need it. */
  S3_FORCE_PATH_STYLE: z.stringbool().optional(),
  /** Bucket of uploads on their way. */
  S3_BUCKET_STAGING: z.string().min(3).optional(),
  /** Bucket of sources. */
  S3_BUCKET_RAW: z.string().min(3).optional(),
  /** Bucket of what is published. */
  S3_BUCKET_DISTRIBUTION: z.string().min(3).optional(),
  /** Encryption asked for with every object; absent, the bucket's own default holds. */
  STORAGE_S3_SSE: z.enum(['AES256', 'aws:kms']).optional(),
  /** The key for `aws:kms`: id, alias or ARN; the account's key for S3 without it. */
  STORAGE_S3_KMS_KEY_ID: z.string().min(1).optional(),
  /** Part URLs lead browsers to the Transfer Acceleration endpoint, which the staging bucket must have enabled. */
  STORAGE_S3_ACCELERATE: z.stringbool().optional(),
  /** Storage class of new objects, per bucket; absent, S3's standard one. */
  STORAGE_S3_STORAGE_CLASS_STAGING: z.enum(STORAGE_CLASSES).optional(),
  STORAGE_S3_STORAGE_CLASS_RAW: z.enum(STORAGE_CLASSES).optional(),
  STORAGE_S3_STORAGE_CLASS_DISTRIBUTION: z.enum(STORAGE_CLASSES).optional(),
  /** Tags of new objects, `key=value,…`; `{store}` and `{video}` are filled in, and a tag of no video is left out. */
  STORAGE_S3_TAGS: z
    .string()
    .transform((text, context) => {
      try {
        return parseTags(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message });
        return z.NEVER;
      }
    })
    .optional(),
};

/** With the platform's public origin, under which the part URLs of the disk adapter lie. */
export type StorageConfig = z.output<z.ZodObject<typeof storageConfigShape>> & { readonly KINORA_PUBLIC_URL: string };

const NEEDS = {
  disk: ['STORAGE_DISK_ROOT', 'STORAGE_SIGNING_KEY'],
  s3: ['AWS_REGION', 'S3_BUCKET_STAGING', 'S3_BUCKET_RAW', 'S3_BUCKET_DISTRIBUTION'],
} as const satisfies Record<string, (keyof StorageConfig)[]>;

/** What the chosen driver lacks or can't do together, as sentences, so that a service can report all its problems at once. */
export function storageProblems(config: StorageConfig): string[] {
  const missing = NEEDS[config.STORAGE_DRIVER]
    .filter((name) => config[name] === undefined)
    .map((name) => `${name} is required when STORAGE_DRIVER is ${config.STORAGE_DRIVER}`);
  return config.STORAGE_DRIVER === 's3' ? [...missing, ...s3Problems(config)] : missing;
}

function s3Problems(config: StorageConfig): string[] {
  const problems: string[] = [];
  if (config.STORAGE_S3_KMS_KEY_ID !== undefined && config.STORAGE_S3_SSE !== 'aws:kms')
    problems.push('STORAGE_S3_KMS_KEY_ID is of use only when STORAGE_S3_SSE is aws:kms');
  if (config.STORAGE_S3_ACCELERATE !== true) return problems;
  const others = (['S3_ENDPOINT', 'S3_FORCE_PATH_STYLE'] as const).filter((name) => config[name]);
  for (const name of others) problems.push(`STORAGE_S3_ACCELERATE and ${name} exclude each other`);
  if (config.S3_BUCKET_STAGING?.includes('.'))
    problems.push('STORAGE_S3_ACCELERATE needs an S3_BUCKET_STAGING without dots in its name');
  return problems;
}

/**
 * Builds the three stores. Opens nothing yet; the AWS SDK is loaded at the first call of an `s3` store.
 * @param appId who calls, as S3's access logs show it; what the environment says unless told
 */
export function createStores(config: StorageConfig, appId?: string): Stores {
  const problems = storageProblems(config);
  if (problems.length > 0) throw new Error(problems.join('; '));
  const of =
    config.STORAGE_DRIVER === 'disk' ? diskStore(config) : s3Store(config, { ...(appId !== undefined && { appId }) });
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

const s3Store = (config: StorageConfig, extra: Pick<S3StoreOptions, 'anyKeys' | 'appId'> = {}) => {
  const buckets = {
    staging: config.S3_BUCKET_STAGING,
    raw: config.S3_BUCKET_RAW,
    distribution: config.S3_BUCKET_DISTRIBUTION,
  };
  const classes = {
    staging: config.STORAGE_S3_STORAGE_CLASS_STAGING,
    raw: config.STORAGE_S3_STORAGE_CLASS_RAW,
    distribution: config.STORAGE_S3_STORAGE_CLASS_DISTRIBUTION,
  };
  const policyWith = (storageClass: WritePolicy['storageClass']): WritePolicy => ({
    ...(config.STORAGE_S3_SSE && { sse: config.STORAGE_S3_SSE }),
    ...(config.STORAGE_S3_KMS_KEY_ID !== undefined && { kmsKeyId: config.STORAGE_S3_KMS_KEY_ID }),
    ...(storageClass && { storageClass }),
    ...(config.STORAGE_S3_TAGS && { tags: config.STORAGE_S3_TAGS }),
  });
  return (name: StoreName) =>
    createS3Store({
      ...extra,
      name,
      bucket: buckets[name] ?? '',
      region: config.AWS_REGION ?? '',
      policy: policyWith(classes[name]),
      accelerate: config.STORAGE_S3_ACCELERATE ?? false,
      ...(config.S3_ENDPOINT !== undefined && { endpoint: config.S3_ENDPOINT }),
      ...(config.S3_FORCE_PATH_STYLE !== undefined && { forcePathStyle: config.S3_FORCE_PATH_STYLE }),
    });
};
