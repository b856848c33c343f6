import path from 'node:path';
import { authContract } from '@kinora/contracts-auth';
import { type Video, videosContract } from '@kinora/contracts-catalog';
import { ApiProblem, createClient } from '@kinora/contracts-common';
import { uploadsContract } from '@kinora/contracts-upload';
import { type Reporter } from './reporter';
import { uploadFile } from './upload-file';

export interface SendOptions {
  url: string;
  demo: { email: string; password: string };
  file: string;
  reporter: Reporter;
  signal: AbortSignal;
}

/** Uploads a video as the demo user and follows it until it is ready or has failed; says which. */
export async function sendFile({ url, demo, file, reporter, signal }: SendOptions): Promise<boolean> {
  let token: string | undefined;
  const auth = createClient(authContract, url);
  const signIn = async () => (token = (await auth.signIn({ body: demo })).accessToken);
  const headers = async () => ({ authorization: `Bearer ${token ?? (await signIn())}` });
  const catalog = createClient(videosContract, url, { headers });
  try {
    await signIn();
    reporter.tell({ step: 'signed-in', email: demo.email });
    reporter.tell({ step: 'uploading', file }, `\nUploading ${path.basename(file)}`);
    const videoId = await uploadFile({
      uploads: createClient(uploadsContract, url, { headers, timeoutMs: 60_000 }),
      file,
      signal,
      onCreated: ({ uploadId, videoId }) => reporter.tell({ step: 'created', uploadId, videoId }),
      onProgress: (progress) => reporter.progress({ step: 'upload', progress }, 'Upload'),
    });
    reporter.tell({ step: 'uploaded', videoId });
    return await follow(videoId);
  } catch (error) {
    if (signal.aborted) return false;
    const code = error instanceof ApiProblem ? error.code : 'client.failed';
    const message = error instanceof Error ? error.message : String(error);
    reporter.tell({ step: 'failed', code, message }, `\nThis did not work: ${message} (${code})`);
    return false;
  }

  async function follow(videoId: string): Promise<boolean> {
    let announced = false;
    const announce = (video: Video) => {
      announced = true;
      const { watchUrl, status } = video;
      reporter.tell(
        { step: 'playable', videoId, watchUrl, status },
        `\nPlayable. Watch it while the rest is encoded:\n\n    ${watchUrl}\n`,
      );
    };
    for (;;) {
      signal.throwIfAborted();
      const video = await look(videoId);
      if (video.status === 'failed') {
        const { code, message } = video.error ?? { code: 'unknown', message: 'The video failed.' };
        reporter.tell(
          { step: 'failed', videoId, code, message },
          `\nThe video can't be published: ${message} (${code})`,
        );
        return false;
      }
      if ((video.status === 'playable' || video.status === 'ready') && !announced) announce(video);
      reporter.progress(
        { step: 'encode', videoId, status: video.status, progress: video.status === 'ready' ? 1 : video.progress },
        'Encoding',
      );
      if (video.status === 'ready') {
        const { watchUrl, durationMs, renditions } = video;
        const ladder = renditions.map(({ width, height }) => `${width}×${height}`).join(', ');
        reporter.tell(
          { step: 'ready', videoId, watchUrl, durationMs, renditions },
          `\nReady (${ladder}). Watch it:\n\n    ${watchUrl}\n`,
        );
        return true;
      }
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
  }

  /** A service that is being restarted just now is no reason to give up. */
  async function look(videoId: string): Promise<Video> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await catalog.getVideo({ params: { videoId } });
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof ApiProblem && error.status === 401) token = undefined;
        else if (error instanceof ApiProblem && error.status < 500) throw error;
        if (attempt >= 60) throw error;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  }
}
