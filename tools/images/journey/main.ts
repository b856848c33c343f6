import { authContract } from '@kinora/contracts-auth';
import { playbackContract, videosContract } from '@kinora/contracts-catalog';
import { createClient } from '@kinora/contracts-common';
import { uploadsContract } from '@kinora/contracts-upload';
import { uploadFile } from '@kinora/local';
import { eventually, judgeHls, readHls, readHlsMedia } from '@kinora/testing';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { readConfig } from './config';

const SECONDS = 5;
const since = Date.now();
const say = (line: string): void => console.log(`${((Date.now() - since) / 1000).toFixed(1).padStart(6)} s  ${line}`);

const contract = { ...authContract, ...videosContract, ...playbackContract, ...uploadsContract };

/** A picture that moves and a tone, as a phone would send them. */
async function makeVideo(ffmpeg: string, folder: string): Promise<string> {
  const file = path.join(folder, 'journey.mp4');
  await promisify(execFile)(ffmpeg, [
    ...['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=size=640x360:rate=25:duration=${SECONDS}`],
    ...['-f', 'lavfi', '-i', `sine=frequency=440:duration=${SECONDS}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-shortest', file],
  ]);
  return file;
}

/** Uploads a video through the public address, waits until it is ready, plays it by its grant, and deletes it. */
async function journey(folder: string): Promise<void> {
  const config = readConfig();
  const timeoutMs = config.KINORA_TIMEOUT_SECONDS * 1000;
  const here = (url: string): string =>
    config.KINORA_PUBLIC_URL && new URL(url).origin === config.KINORA_PUBLIC_URL
      ? config.KINORA_URL + url.slice(config.KINORA_PUBLIC_URL.length)
      : url;
  const clientOf = (headers: Record<string, string>) =>
    createClient(contract, config.KINORA_URL, { headers: () => headers, timeoutMs: 60_000 });

  const file = await makeVideo(config.FFMPEG_PATH, folder);
  const { accessToken } = await eventually(
    () => clientOf({}).signIn({ body: { email: config.KINORA_EMAIL, password: config.KINORA_PASSWORD } }),
    { timeoutMs, intervalMs: 1_000, label: `signing in at ${config.KINORA_URL}` },
  );
  say(`signed in as ${config.KINORA_EMAIL}`);

  const api = clientOf({ authorization: `Bearer ${accessToken}` });
  const signParts: typeof api.signParts = async (request) => {
    const { parts, ...rest } = await api.signParts(request);
    return { ...rest, parts: parts.map((part) => ({ ...part, url: here(part.url) })) };
  };
  const videoId = await uploadFile({ uploads: { ...api, signParts }, file, title: 'A journey through the cluster' });
  say(`uploaded ${videoId}`);
  const ended = await eventually(
    async () => {
      const { status } = await api.getVideo({ params: { videoId } });
      return status === 'ready' || status === 'failed' ? status : undefined;
    },
    { timeoutMs, intervalMs: 500, label: `${videoId} ready` },
  );
  if (ended === 'failed') throw new Error(`${videoId} has failed`);
  say('ready');

  const hls = here((await api.createPlayback({ params: { videoId }, body: {} })).hls);
  const { rungs } = await readHls(hls);
  const { segments } = await readHlsMedia(rungs[0]?.url ?? '');
  const segment = segments[0]?.url ?? '';
  const granted = await fetch(segment);
  if (!granted.ok) throw new Error(`a segment by its grant: ${granted.status}`);
  const stranger = await fetch(segment.replace(/\/t\/[^/]+/, ''));
  if (stranger.status !== 403) throw new Error(`a segment without a grant: ${stranger.status} instead of 403`);
  say(`a segment: ${(await granted.arrayBuffer()).byteLength} bytes by its grant, ${stranger.status} without one`);

  const judged = await judgeHls(hls);
  for (const { decoded } of [...judged.rungs, ...judged.audio]) {
    const seconds = (decoded.endMs - decoded.startMs) / 1000;
    if (decoded.errors.length > 0) throw new Error(`decoding: ${decoded.errors.join('; ')}`);
    if (Math.abs(seconds - SECONDS) > 0.5) throw new Error(`${decoded.kind} has ${seconds} s instead of ${SECONDS} s`);
  }
  say(`decoded all of ${judged.rungs.length} renditions and ${judged.audio.length} of sound`);

  await api.deleteVideo({ params: { videoId } });
  say('deleted');
}

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'journey-'));
  try {
    await journey(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
