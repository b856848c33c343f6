import { JobFailed } from '../errors';
import { type WireInput } from '../model/rules';
import { run } from './run';

/** What the service finds in an input while it probes. */
export interface Inspected {
  readonly videoIndex: number;
  /** Indexes of audio streams, in order. */
  readonly audio: readonly number[];
  readonly durationSeconds: number;
}

interface Probed {
  streams?: { index: number; codec_type: string; duration?: string; disposition?: { attached_pic?: number } }[];
  format?: { duration?: string };
}

/** @throws JobFailed with the user guide's codes: 1010 can't be opened, 1020 no video */
export async function inspect(ffprobe: string, url: string, name: string, signal: AbortSignal): Promise<Inspected> {
  const args = ['-v', 'error', '-of', 'json', '-show_streams', '-show_format', url];
  const { code, stdout, stderr } = await run(ffprobe, args, { signal });
  if (code !== 0)
    throw new JobFailed(1010, `Unable to open input file [${name}]: [${stderr.trim().replaceAll(url, name)}]`);
  const { streams = [], format } = JSON.parse(stdout) as Probed;
  const video = streams.find((one) => one.codec_type === 'video' && one.disposition?.attached_pic !== 1);
  if (!video) throw new JobFailed(1020, `No video found in input file [${name}]`);
  return {
    videoIndex: video.index,
    audio: streams.filter((one) => one.codec_type === 'audio').map(({ index }) => index),
    durationSeconds: Number(video.duration ?? format?.duration ?? 0),
  };
}

/** The stream that a selector means: numbers count from 1, in the whole file (`streams`) or among audio (`tracks`). */
export function selectedStream(input: WireInput, selector: string | undefined, { audio }: Inspected): number {
  const { streams, tracks } = input.audioSelectors?.[selector ?? 'Audio Selector 1'] ?? {};
  const index = streams?.[0] !== undefined ? streams[0] - 1 : audio[(tracks?.[0] ?? 1) - 1];
  if (index === undefined || !audio.includes(index))
    throw new JobFailed(1040, `Audio selector [${selector}] selects no audio of the input`);
  return index;
}
