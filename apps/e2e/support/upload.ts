import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Api } from './client';

const types: Record<string, string> = {
  '.mp4': 'video/mp4',
  '.mov': 'video/quicktime',
  '.mpg': 'video/mpeg',
  '.webm': 'video/webm',
  '.mkv': 'video/x-matroska',
};

export interface Begun {
  readonly id: string;
  readonly videoId: string;
  readonly bytes: Buffer;
  readonly partSize: number;
  readonly partCount: number;
}

export async function begin(
  api: Api,
  file: string,
  extra: { title?: string; checksum?: 'sha256'; visibility?: 'public' | 'private' | 'unlisted' } = {},
): Promise<Begun> {
  const bytes = readFileSync(file);
  const made = await api.createUpload({
    body: {
      filename: path.basename(file),
      size: bytes.length,
      contentType: types[path.extname(file)] ?? 'video/mp4',
      ...extra,
    },
  });
  return { ...made, bytes };
}

export const partOf = ({ bytes, partSize }: Begun, partNumber: number): Buffer =>
  bytes.subarray((partNumber - 1) * partSize, partNumber * partSize);
export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64');

/** Signs and PUTs one part, as any HTTP client would. */
export async function putPart(
  api: Api,
  upload: Begun,
  partNumber: number,
  { body = partOf(upload, partNumber), checksum }: { body?: Buffer; checksum?: string } = {},
): Promise<Response> {
  const { parts } = await api.signParts({
    params: { uploadId: upload.id },
    body: { partNumbers: [partNumber], ...(checksum !== undefined && { checksums: { [partNumber]: checksum } }) },
  });
  const [part] = parts;
  if (!part) throw new Error('no signed part');
  return fetch(part.url, { method: 'PUT', headers: part.headers, body: new Uint8Array(body) });
}

/** A whole upload; returns the video's id. */
export async function upload(api: Api, file: string, extra: Parameters<typeof begin>[2] = {}): Promise<string> {
  const begun = await begin(api, file, extra);
  const parts = [];
  for (let partNumber = 1; partNumber <= begun.partCount; partNumber++) {
    const res = await putPart(api, begun, partNumber);
    if (!res.ok) throw new Error(`part ${partNumber}: ${res.status} ${await res.text()}`);
    parts.push({ partNumber, etag: res.headers.get('etag') ?? '' });
  }
  await api.completeUpload({ params: { uploadId: begun.id }, body: { parts } });
  return begun.videoId;
}
