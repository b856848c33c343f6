/** What of a REST request says what it asks for. */
export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

type Level = 'object' | 'bucket';

/** Requests that a query parameter makes special, by `method parameter`; the first that fits counts. */
const BY_PARAMETER: Record<Level, readonly (readonly [method: string, parameter: string, action: string])[]> = {
  object: [
    ['POST', 'uploads', 'CreateMultipartUpload'],
    ['POST', 'uploadId', 'CompleteMultipartUpload'],
    ['DELETE', 'uploadId', 'AbortMultipartUpload'],
    ['GET', 'uploadId', 'ListParts'],
    ['PUT', 'uploadId', 'UploadPart'],
    ['GET', 'tagging', 'GetObjectTagging'],
    ['PUT', 'tagging', 'PutObjectTagging'],
    ['DELETE', 'tagging', 'DeleteObjectTagging'],
    ['GET', 'attributes', 'GetObjectAttributes'],
  ],
  bucket: [
    ['POST', 'delete', 'DeleteObjects'],
    ['GET', 'uploads', 'ListMultipartUploads'],
    ['GET', 'list-type', 'ListObjectsV2'],
    ['GET', 'location', 'GetBucketLocation'],
    ['GET', 'versioning', 'GetBucketVersioning'],
    ['PUT', 'versioning', 'PutBucketVersioning'],
    ['GET', 'notification', 'GetBucketNotificationConfiguration'],
    ['PUT', 'notification', 'PutBucketNotificationConfiguration'],
    ['PUT', 'cors', 'PutBucketCors'],
    ['PUT', 'lifecycle', 'PutBucketLifecycleConfiguration'],
    ['PUT', 'policy', 'PutBucketPolicy'],
    ['PUT', 'encryption', 'PutBucketEncryption'],
    ['PUT', 'accelerate', 'PutBucketAccelerateConfiguration'],
  ],
};

const PLAIN: Record<Level, Readonly<Record<string, string>>> = {
  object: { GET: 'GetObject', HEAD: 'HeadObject', PUT: 'PutObject', DELETE: 'DeleteObject' },
  bucket: { GET: 'ListObjects', HEAD: 'HeadBucket', PUT: 'CreateBucket', DELETE: 'DeleteBucket' },
};

/** The names that the host may carry before `.`: a bucket, when it isn't in the path. */
const BUCKET_IN_HOST = /^(?!s3[.-]|127\.|localhost)[^.]+\.(?:s3|s3-accelerate)[.-]/;

/** The operation of S3 that a request is, by the name that the SDK gives it. */
export function s3Action({ method, path, query, headers }: RestRequest): string {
  const [first = '', ...rest] = path.slice(1).split('/');
  const inHost = BUCKET_IN_HOST.test(String(headers['host'] ?? ''));
  if (first === '' && !inHost) return 'ListBuckets';
  const level: Level = (inHost ? first : rest.join('/')) === '' ? 'bucket' : 'object';
  const special = BY_PARAMETER[level].find(([verb, parameter]) => verb === method && query.has(parameter));
  const action = special?.[2] ?? PLAIN[level][method] ?? `${method} ${level}`;
  if (headers['x-amz-copy-source'] === undefined) return action;
  return action === 'UploadPart' ? 'UploadPartCopy' : 'CopyObject';
}
