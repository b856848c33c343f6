import {
  ChecksumMismatch,
  ObjectNotFound,
  PartMismatch,
  PartTooSmall,
  PreconditionFailed,
  RangeNotSatisfiable,
  StoreError,
  StoreUnavailable,
} from '../errors';

/** The AWS SDK's errors carry S3's code as their name, and the HTTP status. */
const facts = (error: unknown): { name: string; status: number } => {
  const it = (error ?? {}) as { name?: unknown; $metadata?: { httpStatusCode?: unknown } };
  const status = it.$metadata?.httpStatusCode;
  return { name: typeof it.name === 'string' ? it.name : '', status: typeof status === 'number' ? status : 0 };
};

export const isInvalidPart = (error: unknown): boolean => facts(error).name === 'InvalidPart';

/** An error of ours for an error of S3. What has no status never reached S3, so it is worth a retry. */
export function storeError(error: unknown, what: string): StoreError {
  if (error instanceof StoreError) return error;
  const { name, status } = facts(error);

  if (['NoSuchKey', 'NotFound', 'NoSuchUpload', 'NoSuchBucket'].includes(name) || status === 404)
    return new ObjectNotFound(`${what}: ${name}`, error);
  if (name === 'PreconditionFailed' || name === 'ConditionalRequestConflict' || status === 412)
    return new PreconditionFailed(what, error);
  if (name === 'InvalidRange' || status === 416) return new RangeNotSatisfiable(what, error);
  if (name === 'EntityTooSmall') return new PartTooSmall(what, error);
  if (name === 'InvalidPart' || name === 'InvalidPartOrder') return new PartMismatch([], error);
  if (['BadDigest', 'InvalidDigest', 'XAmzContentChecksumMismatch', 'XAmzContentSHA256Mismatch'].includes(name))
    return new ChecksumMismatch(what, error);
  return new StoreUnavailable(`${what}: ${name} ${status}`, error);
}

/** Runs an action on S3 and translates its failure. */
export async function translated<T>(what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw storeError(error, what);
  }
}
