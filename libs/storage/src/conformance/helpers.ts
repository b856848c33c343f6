import { randomBytes } from 'node:crypto';
import { type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { checksumOf } from '../checksum';
import { StoreError } from '../errors';
import { type ChecksumAlgorithm, type CompletedPart, type ObjectStore, type SignedPart } from '../object-store';

export const MIB = 1024 * 1024;

/** A folder of its own for every test, so that a bucket can be shared and kept. */
export const freshFolder = (): string => `conformance/${randomBytes(8).toString('hex')}`;

export const bytesOf = (body: Readable): Promise<Buffer> => buffer(body);
export const read = async (store: ObjectStore, key: string): Promise<Buffer> => bytesOf((await store.get(key)).body);

/** The code of the StoreError that a promise is rejected with; `none` if it isn't. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    return error instanceof StoreError ? error.code : `not a StoreError: ${String(error)}`;
  }
}

/** What a client does with a signed part. */
export async function send({ url, headers }: SignedPart, body: Buffer): Promise<{ status: number; etag: string }> {
  const res = await fetch(url, { method: 'PUT', headers, body: new Uint8Array(body) });
  await res.arrayBuffer();
  return { status: res.status, etag: res.headers.get('etag') ?? '' };
}

export interface Upload {
  readonly key: string;
  readonly multipartId: string;
  /** Signs and sends a part; fails the test unless it is accepted. */
  part(partNumber: number, body: Buffer): Promise<CompletedPart>;
  sign(partNumber: number, body: Buffer, expiresInSeconds?: number): Promise<SignedPart>;
}

/** Opens a multipart and gives what tests do with it. */
export async function openUpload(store: ObjectStore, checksum?: ChecksumAlgorithm): Promise<Upload> {
  const key = `${freshFolder()}/source`;
  const { multipartId } = await store.createMultipart(key, {
    contentType: 'video/quicktime',
    ...(checksum && { checksum }),
  });
  const sign: Upload['sign'] = (partNumber, body, expiresInSeconds = 60) =>
    store.signPart({
      key,
      multipartId,
      partNumber,
      size: body.length,
      expiresInSeconds,
      ...(checksum && { checksum: checksumOf(checksum, body) }),
    });
  return {
    key,
    multipartId,
    sign,
    part: async (partNumber, body) => {
      const { status, etag } = await send(await sign(partNumber, body), body);
      expect(status).toBe(200);
      return { partNumber, etag };
    },
  };
}
