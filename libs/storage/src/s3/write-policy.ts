import { type StorageClass } from '@aws-sdk/client-s3';

/** How S3 keeps what one store writes. Everything absent is left to the bucket's own settings. */
export interface WritePolicy {
  readonly sse?: 'AES256' | 'aws:kms';
  /** Key id, alias or ARN; the account's key for S3 without one. */
  readonly kmsKeyId?: string;
  readonly storageClass?: StorageClass;
  /** Values may name the `{store}` and the `{video}`; a tag of a video is left out where there is none. */
  readonly tags?: readonly Tag[];
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** Classes from which objects are read at once; the others would have to be restored first. */
export const STORAGE_CLASSES = ['STANDARD', 'INTELLIGENT_TIERING', 'STANDARD_IA', 'ONEZONE_IA', 'GLACIER_IR'] as const;

/** What S3 allows in tags; `{` and `}` are ours. */
const TAG = /^([\w .:/+@-]{1,128})=((?:[\w .:/+@-]|\{store\}|\{video\}){1,256})$/u;
const MOST_TAGS = 10;

/** Reads `key=value,…`. @throws Error that says what is wrong */
export function parseTags(text: string): Tag[] {
  const tags = text.split(',').map((one): Tag => {
    const [, key, value] = TAG.exec(one.trim()) ?? [];
    if (key === undefined || value === undefined || key.startsWith('aws:'))
      throw new Error(`expected tags as key=value,… with S3's characters and {store} or {video}; not "${one.trim()}"`);
    return { key, value };
  });
  if (tags.length > MOST_TAGS) throw new Error(`an object has ${MOST_TAGS} tags at most, not ${tags.length}`);
  if (new Set(tags.map(({ key }) => key)).size < tags.length) throw new Error('a tag is named twice');
  return tags;
}

const VIDEO = /(?:^|\/)(vid_\w+)(?:\/|$)/;

/** The value of `x-amz-tagging` for an object; undefined when it gets no tags. */
function tagging(tags: readonly Tag[], store: string, key: string): string | undefined {
  const video = VIDEO.exec(key)?.[1];
  const own = tags
    .filter(({ value }) => video !== undefined || !value.includes('{video}'))
    .map(({ key: name, value }) => [name, value.replaceAll('{store}', store).replaceAll('{video}', video ?? '')]);
  return own.length > 0 ? new URLSearchParams(Object.fromEntries(own) as Record<string, string>).toString() : undefined;
}

/** The policy as parameters of PutObject, CopyObject and CreateMultipartUpload; parts inherit it. */
export function policyOf(policy: WritePolicy, store: string, key: string) {
  const Tagging = tagging(policy.tags ?? [], store, key);
  return {
    ...(policy.sse && { ServerSideEncryption: policy.sse }),
    // A bucket key: S3 asks KMS once in a while, not for every object.
    ...(policy.sse === 'aws:kms' && { BucketKeyEnabled: true }),
    ...(policy.kmsKeyId !== undefined && { SSEKMSKeyId: policy.kmsKeyId }),
    ...(policy.storageClass && { StorageClass: policy.storageClass }),
    ...(Tagging !== undefined && { Tagging }),
  };
}
export type PolicyParameters = ReturnType<typeof policyOf>;
