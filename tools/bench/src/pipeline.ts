import { authContract } from '@kinora/contracts-auth';
import { videosContract } from '@kinora/contracts-catalog';
import { createClient } from '@kinora/contracts-common';
import { uploadsContract } from '@kinora/contracts-upload';
import { type Platform } from '@kinora/local';
import { openAsBlob } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** An upload whose parts have all arrived, waiting for the word. */
export interface Prepared {
  readonly uploadId: string;
  readonly videoId: string;
  readonly parts: { partNumber: number; etag: string }[];
}

export type Pipeline = Awaited<ReturnType<typeof pipelineOf>>;

/** The public API, as a client that measures uses it. */
export async function pipelineOf(platform: Platform) {
  const { accessToken } = await createClient(authContract, platform.url).signIn({ body: platform.demo });
  const options = { headers: () => ({ authorization: `Bearer ${accessToken}` }), timeoutMs: 120_000 };
  const uploads = createClient(uploadsContract, platform.url, options);
  const videos = createClient(videosContract, platform.url, options);
  const complete = ({ uploadId, parts }: Prepared) => uploads.completeUpload({ params: { uploadId }, body: { parts } });
  /** Asks again and again until the video is in one of these states. */
  const reached = async (videoId: string, states: readonly string[], everyMs: number): Promise<void> => {
    for (;;) {
      const { status, error } = await videos.getVideo({ params: { videoId } });
      if (states.includes(status)) return;
      if (status === 'failed') throw new Error(`the video failed: ${error?.code}`);
      await sleep(everyMs);
    }
  };
  return {
    async upload(file: string): Promise<Prepared> {
      const blob = await openAsBlob(file);
      const made = await uploads.createUpload({
        body: { filename: path.basename(file), size: blob.size, contentType: 'video/mp4' },
      });
      const parts: Prepared['parts'] = [];
      for (let partNumber = 1; partNumber <= made.partCount; partNumber++) {
        const signed = await uploads.signParts({ params: { uploadId: made.id }, body: { partNumbers: [partNumber] } });
        const [part] = signed.parts;
        if (!part) throw new Error('no signed part');
        const body = blob.slice((partNumber - 1) * made.partSize, partNumber * made.partSize);
        const res = await fetch(part.url, { method: 'PUT', body, headers: part.headers });
        if (!res.ok) throw new Error(`part ${partNumber}: HTTP ${res.status}`);
        parts.push({ partNumber, etag: res.headers.get('etag') ?? '' });
      }
      return { uploadId: made.id, videoId: made.videoId, parts };
    },
    /** Completes the upload and waits until the video is ready. */
    async untilReady(prepared: Prepared): Promise<void> {
      await complete(prepared);
      // Rare enough that asking does not count for what is measured.
      await reached(prepared.videoId, ['ready'], 500);
    },
    /** Completes the upload and waits until the video plays; the seconds that took. */
    async untilPlayable(prepared: Prepared): Promise<number> {
      const since = performance.now();
      await complete(prepared);
      await reached(prepared.videoId, ['playable', 'ready'], 20);
      return (performance.now() - since) / 1000;
    },
    /** Deletes the video; what was left to encode of it ends soon after. */
    async remove({ videoId }: Prepared): Promise<void> {
      await videos.deleteVideo({ params: { videoId } });
    },
  };
}
