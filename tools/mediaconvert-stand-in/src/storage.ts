import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { JobFailed } from './errors';

/** Buckets as the service sees them. */
export interface Storage {
  /** A URL from which ffmpeg reads an `s3://` input. @throws JobFailed 1404 if it is not there, 1401 if access is denied */
  open(uri: string): Promise<string>;
  /** Writes one file below an `s3://` destination. */
  write(uri: string, body: Buffer, contentType: string): Promise<void>;
  close(): void;
}

export function partsOf(uri: string): { Bucket: string; Key: string } {
  const [, Bucket = '', Key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  if (Bucket === '') throw new JobFailed(1010, `Unable to open input file [${uri}]: no bucket and key`);
  return { Bucket, Key };
}

const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

/** The user guide's codes for buckets that don't answer as they should. */
function failureOf(error: unknown, uri: string, action: string): JobFailed {
  const status = statusOf(error);
  if (status === 404) return new JobFailed(1404, `Unable to open ${uri}: ${action} failed, not found`);
  if (status === 401 || status === 403)
    return new JobFailed(1401, `Unable to open ${uri}: ${action} failed, access denied`);
  return new JobFailed(1999, `Unable to open ${uri}: ${action} failed: ${String(error)}`);
}

export function createStorage({ endpoint, region }: { endpoint: string; region: string }): Storage {
  const client = new S3Client({ endpoint, region, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' });
  return {
    async open(uri) {
      const place = partsOf(uri);
      try {
        await client.send(new HeadObjectCommand(place));
      } catch (error) {
        throw failureOf(error, uri, 'HeadObject');
      }
      return getSignedUrl(client, new GetObjectCommand(place), { expiresIn: 6 * 3600 });
    },
    async write(uri, Body, ContentType) {
      try {
        await client.send(new PutObjectCommand({ ...partsOf(uri), Body, ContentType }));
      } catch (error) {
        throw failureOf(error, uri, 'PutObject');
      }
    },
    close: () => client.destroy(),
  };
}
