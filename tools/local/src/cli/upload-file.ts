import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { ApiProblem, type Client } from '@kinora/contracts-common';
import { type uploadsContract } from '@kinora/contracts-upload';
import { contentTypeOf } from './content-type';

export interface UploadOptions {
  uploads: Client<typeof uploadsContract>;
  file: string;
  title?: string;
  onCreated?: (ids: { uploadId: string; videoId: string }) => void;
  /** 0 to 1, as parts arrive in the store. */
  onProgress?: (progress: number) => void;
  signal?: AbortSignal;
}

const PARALLEL = 4;
const ATTEMPTS = 4;

interface Part {
  partNumber: number;
  etag: string;
  checksum: string;
}

/**
 * Uploads a file as any client of the public API does: parts go straight to the object store by signed URLs, several
 * at a time, each with its SHA-256, and are repeated with a fresh URL when one fails.
 */
export async function uploadFile({
  uploads,
  file,
  title,
  onCreated,
  onProgress,
  signal,
}: UploadOptions): Promise<string> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const filename = path.basename(file);
    const created = await uploads.createUpload({
      body: {
        filename,
        size,
        contentType: contentTypeOf(file),
        checksum: 'sha256',
        title: title ?? path.parse(filename).name.slice(0, 200),
      },
    });
    onCreated?.({ uploadId: created.id, videoId: created.videoId });
    const waiting = Array.from({ length: created.partCount }, (_, i) => i + 1);
    const parts: Part[] = [];
    let sent = 0;
    const worker = async () => {
      for (let partNumber = waiting.shift(); partNumber !== undefined; partNumber = waiting.shift()) {
        signal?.throwIfAborted();
        const bytes = await readPart(
          handle,
          (partNumber - 1) * created.partSize,
          Math.min(created.partSize, size - (partNumber - 1) * created.partSize),
        );
        parts.push(await sendPart(uploads, created.id, partNumber, bytes, signal));
        sent += bytes.length;
        onProgress?.(sent / size);
      }
    };
    const workers = await Promise.allSettled(Array.from({ length: PARALLEL }, worker));
    const failed = workers.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    parts.sort((a, b) => a.partNumber - b.partNumber);
    const { videoId } = await uploads.completeUpload({ params: { uploadId: created.id }, body: { parts } });
    return videoId;
  } finally {
    await handle.close();
  }
}

async function readPart(handle: FileHandle, position: number, length: number): Promise<Buffer<ArrayBuffer>> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) throw new Error('the file became shorter while it was uploaded');
    filled += bytesRead;
  }
  return buffer;
}

async function sendPart(
  uploads: Client<typeof uploadsContract>,
  uploadId: string,
  partNumber: number,
  bytes: Buffer<ArrayBuffer>,
  signal?: AbortSignal,
): Promise<Part> {
  const checksum = createHash('sha256').update(bytes).digest('base64');
  for (let attempt = 1; ; attempt++) {
    try {
      const { parts } = await uploads.signParts({
        params: { uploadId },
        body: { partNumbers: [partNumber], checksums: { [partNumber]: checksum } },
      });
      const signed = parts[0];
      if (!signed) throw new Error(`part ${partNumber} was not signed`);
      const answer = await fetch(signed.url, {
        method: 'PUT',
        headers: signed.headers,
        body: bytes,
        ...(signal && { signal }),
      });
      if (!answer.ok)
        throw new Error(`part ${partNumber} was refused with ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
      await answer.arrayBuffer();
      const etag = answer.headers.get('etag');
      if (etag === null) throw new Error(`part ${partNumber} came back without an ETag`);
      return { partNumber, etag, checksum };
    } catch (error) {
      // A client's mistake doesn't become right by repeating it.
      const hopeless = error instanceof ApiProblem && error.status < 500 && error.status !== 429;
      if (attempt >= ATTEMPTS || hopeless || signal?.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** attempt));
    }
  }
}
