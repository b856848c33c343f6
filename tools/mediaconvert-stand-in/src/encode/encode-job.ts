import { straighten } from '@kinora/media';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { JobFailed } from '../errors';
import { type Job, type OutputDetail, type Phase } from '../jobs/job';
import { type Storage } from '../storage';
import { type Target, encodeArguments, targetsOf } from './arguments';
import { inspect } from './inspect';
import {
  type Track,
  dashManifest,
  initFile,
  mainPlaylist,
  mediaPlaylist,
  readTimeline,
  secondsOf,
  segmentFile,
} from './manifests';
import { run } from './run';

export interface Encoded {
  readonly outputs: readonly OutputDetail[];
  /** `s3://` of the top-level manifests. */
  readonly playlists: readonly string[];
}

/** Does what a job asks for. @throws JobFailed with a code of the user guide */
export type EncodeJob = (
  job: Job,
  signal: AbortSignal,
  progress: (phase: Phase, percent: number) => void,
) => Promise<Encoded>;

const TYPES: Readonly<Record<string, string>> = {
  cmfv: 'video/mp4',
  cmfa: 'audio/mp4',
  m3u8: 'application/vnd.apple.mpegurl',
  mpd: 'application/dash+xml',
};

/** What ffmpeg wrote of one output. */
function readTrack(folder: string, { name, extension, output }: Target): Track {
  const { codec, timescale, ticks } = readTimeline(readFileSync(path.join(folder, `${name}.timeline`), 'utf8'));
  if (ticks.length === 0) throw new JobFailed(1076, 'The input ended before anything could be decoded');
  const bytes = ticks.map((_, n) => readFileSync(path.join(folder, segmentFile({ name, extension }, n + 1))).length);
  const { width, height } = output.videoDescription ?? {};
  return {
    ...{ name, extension, codec, timescale, ticks, bytes },
    ...(width !== undefined && height !== undefined && { width, height }),
  };
}

/** ffmpeg carries a rotation over although the pictures were turned; the service "doesn't pass through rotation metadata". */
function withoutRotation(folder: string, track: Track): void {
  const file = path.join(folder, initFile(track));
  const bytes = readFileSync(file);
  straighten(bytes);
  writeFileSync(file, bytes);
}

const detailOf = (track: Track): OutputDetail => ({
  durationInMs: Math.round(secondsOf(track) * 1000),
  ...(track.width !== undefined &&
    track.height !== undefined && { videoDetails: { widthInPx: track.width, heightInPx: track.height } }),
});

export interface EncoderOptions {
  readonly storage: Storage;
  readonly ffmpeg: string;
  readonly ffprobe: string;
}

export function createEncoder({ storage, ffmpeg, ffprobe }: EncoderOptions): EncodeJob {
  return async ({ request }, signal, progress) => {
    const [input = {}] = request.settings.inputs ?? [];
    const [group = {}] = request.settings.outputGroups ?? [];
    const cmaf = group.outputGroupSettings?.cmafGroupSettings ?? {};
    const source = input.fileInput ?? '';
    const url = await storage.open(source);
    const found = await inspect(ffprobe, url, source, signal);
    const destination = cmaf.destination ?? '';
    const slash = destination.lastIndexOf('/') + 1;
    const [prefix, base] = [destination.slice(0, slash), destination.slice(slash) || path.parse(source).name];
    const folder = mkdtempSync(path.join(tmpdir(), 'mediaconvert-'));
    try {
      const targets = targetsOf(base, group.outputs ?? []);
      progress('TRANSCODING', 1);
      const args = encodeArguments(url, input, cmaf, targets, found);
      const { code, stderr } = await run(ffmpeg, args, {
        signal,
        cwd: folder,
        onLine: (line) => {
          const at = /^out_time_us=(\d+)$/.exec(line)?.[1];
          if (at !== undefined && found.durationSeconds > 0)
            progress('TRANSCODING', Math.min(90, (Number(at) / 1e6 / found.durationSeconds) * 90));
        },
      });
      if (code !== 0)
        throw new JobFailed(1076, `Unable to read input file [${source}]: [${stderr.trim().replaceAll(url, source)}]`);
      progress('UPLOADING', 95);
      const tracks = targets.map((target) => readTrack(folder, target));
      const put = (name: string, body: Buffer | string) =>
        storage.write(
          `${prefix}${name}`,
          Buffer.from(body),
          TYPES[path.extname(name).slice(1)] ?? 'binary/octet-stream',
        );
      for (const track of tracks) {
        withoutRotation(folder, track);
        const files = [initFile(track), ...track.ticks.map((_, n) => segmentFile(track, n + 1))];
        for (const name of files) await put(name, readFileSync(path.join(folder, name)));
        await put(`${track.name}.m3u8`, mediaPlaylist(track));
      }
      await put(`${base}.m3u8`, mainPlaylist(tracks));
      await put(`${base}.mpd`, dashManifest(tracks));
      signal.throwIfAborted();
      return {
        outputs: tracks.map(detailOf),
        playlists: [`${prefix}${base}.mpd`, `${prefix}${base}.m3u8`],
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}
