import { type Readable } from 'node:stream';
import { type CopyOptions, type ObjectInfo, type PutOptions } from '../object-store';
import { type Connected } from './s3-client';
import { type PolicyParameters } from './write-policy';

const PART = 8 * 1024 * 1024;

/** Cuts a stream into buffers of `size` bytes; the last is shorter, and is the only one when there is little. */
async function* pieces(body: Readable, size: number): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    held.push(chunk);
    length += chunk.length;
    while (length >= size) {
      const all = Buffer.concat(held);
      yield all.subarray(0, size);
      held = [all.subarray(size)];
      length -= size;
    }
  }
  yield Buffer.concat(held);
}

/** An object to be written, and how S3 is to keep it. */
export interface Target {
  readonly Bucket: string;
  readonly Key: string;
  readonly policy: PolicyParameters;
}

const contentOf = (options: PutOptions) => ({
  ContentType: options.contentType,
  ...(options.cacheControl !== undefined && { CacheControl: options.cacheControl }),
});
const onlyNew = (options: PutOptions) =>
  options.ifNoneMatch !== undefined ? { IfNoneMatch: options.ifNoneMatch } : {};

/** One PUT for a buffer or a short stream; a multipart upload, a part in memory at a time, for a long one. */
export async function write(
  s3: Connected,
  target: Target,
  body: Buffer | Readable,
  options: PutOptions,
): Promise<void> {
  if (Buffer.isBuffer(body)) return putWhole(s3, target, body, options);
  const parts = pieces(body, PART);
  const first = await parts.next();
  const head = first.done === true ? Buffer.alloc(0) : first.value;
  if (head.length < PART) return putWhole(s3, target, head, options);
  await putParts(s3, target, head, parts, options);
}

async function putWhole(
  { sdk, client }: Connected,
  { policy, ...target }: Target,
  body: Buffer,
  options: PutOptions,
): Promise<void> {
  await client.send(
    new sdk.PutObjectCommand({
      ...target,
      ...policy,
      Body: body,
      ContentLength: body.length,
      ...contentOf(options),
      ...onlyNew(options),
    }),
  );
}

async function putParts(
  { sdk, client }: Connected,
  { policy, ...target }: Target,
  head: Buffer,
  rest: AsyncIterable<Buffer>,
  options: PutOptions,
): Promise<void> {
  const { UploadId } = await client.send(
    new sdk.CreateMultipartUploadCommand({ ...target, ...policy, ...contentOf(options) }),
  );
  const upload = { ...target, UploadId };
  try {
    const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
    const send = async (Body: Buffer): Promise<void> => {
      const PartNumber = Parts.length + 1;
      const { ETag } = await client.send(
        new sdk.UploadPartCommand({ ...upload, PartNumber, Body, ContentLength: Body.length }),
      );
      Parts.push({ PartNumber, ETag });
    };
    await send(head);
    for await (const piece of rest) if (piece.length > 0) await send(piece);
    await client.send(
      new sdk.CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...onlyNew(options) }),
    );
  } catch (error) {
    await client.send(new sdk.AbortMultipartUploadCommand(upload)).catch(() => undefined); // the bucket's lifecycle rule is the net
    throw error;
  }
}

/** Copies inside S3: in one request, or in parts when the object is larger than one request may copy. */
export async function copy(
  s3: Connected,
  from: { Bucket: string; info: ObjectInfo },
  { policy, ...target }: Target,
  limits: { above: number; partSize: number },
  told?: CopyOptions,
): Promise<void> {
  const { sdk, client } = s3;
  const { info } = from;
  const CopySource = `${from.Bucket}/${info.key.split('/').map(encodeURIComponent).join('/')}`;
  if (info.size <= limits.above) {
    // Unless told otherwise a copy carries its source's tags.
    const retagged = policy.Tagging !== undefined && { TaggingDirective: 'REPLACE' as const };
    const retold = told && { MetadataDirective: 'REPLACE' as const, ...contentOf(told) };
    await client.send(
      new sdk.CopyObjectCommand({
        ...{ ...target, ...policy, ...retagged, ...retold },
        ...{ CopySource, CopySourceIfMatch: info.etag },
      }),
    );
    return;
  }
  const { UploadId } = await client.send(
    new sdk.CreateMultipartUploadCommand({ ...target, ...policy, ...contentOf(told ?? info) }),
  );
  const upload = { ...target, UploadId };
  try {
    const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
    const numbers = Array.from({ length: Math.ceil(info.size / limits.partSize) }, (_, i) => i + 1);
    const worker = async (): Promise<void> => {
      for (let PartNumber = numbers.shift(); PartNumber !== undefined; PartNumber = numbers.shift()) {
        const start = (PartNumber - 1) * limits.partSize;
        const CopySourceRange = `bytes=${start}-${Math.min(start + limits.partSize, info.size) - 1}`;
        const { CopyPartResult } = await client.send(
          new sdk.UploadPartCopyCommand({
            ...upload,
            PartNumber,
            CopySource,
            CopySourceRange,
            CopySourceIfMatch: info.etag,
          }),
        );
        Parts.push({ PartNumber, ETag: CopyPartResult?.ETag });
      }
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
    Parts.sort((a, b) => a.PartNumber - b.PartNumber);
    await client.send(new sdk.CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
  } catch (error) {
    await client.send(new sdk.AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}
