import { run } from './ffprobe';

/** What came out of a decoder. */
export interface Decoded {
  kind: 'video' | 'audio';
  /** Pictures, or audio frames (1024 samples each for AAC). */
  frames: number;
  width?: number;
  height?: number;
  codec: string;
  /** From the first frame's time to the last one's end. */
  startMs: number;
  endMs: number;
  /** The longest distance between two frames' times. */
  largestGapMs: number;
  /** All that the decoder complained about; empty for a good stream. */
  errors: string[];
}

interface Frame {
  best_effort_timestamp_time?: string;
  pkt_duration_time?: string;
  duration_time?: string;
}

/**
 * Decodes one stream completely and reports what came out: a file's existence or its header proves nothing.
 * @param stream ffmpeg's specifier within the input, such as `v:0` or `a:1`
 */
export async function decode(input: string, stream = 'v:0'): Promise<Decoded> {
  const entries =
    'stream=codec_type,codec_name,width,height:frame=best_effort_timestamp_time,pkt_duration_time,duration_time';
  const args = [
    '-v',
    'error',
    '-of',
    'json',
    '-select_streams',
    stream,
    '-show_entries',
    entries,
    '-show_frames',
    input,
  ];
  const { stdout, stderr, code } = await run('ffprobe', args);
  const errors = stderr.split('\n').filter((line) => line.trim() !== '');
  if (code !== 0) throw new Error(`ffprobe could not decode ${stream} of ${input}: ${errors.join('; ')}`);
  const parsed = JSON.parse(stdout) as {
    streams: { codec_type: 'video' | 'audio'; codec_name: string; width?: number; height?: number }[];
    frames?: Frame[];
  };
  const [info] = parsed.streams;
  if (!info) throw new Error(`${input} has no stream ${stream}`);
  const times = (parsed.frames ?? []).map((frame) => Number(frame.best_effort_timestamp_time) * 1000);
  const lastFrame = parsed.frames?.at(-1);
  const lastDuration = Number(lastFrame?.pkt_duration_time ?? lastFrame?.duration_time ?? 0) * 1000;
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? time));
  return {
    kind: info.codec_type,
    frames: times.length,
    ...(info.width !== undefined && { width: info.width }),
    ...(info.height !== undefined && { height: info.height }),
    codec: info.codec_name,
    startMs: Math.min(...times),
    endMs: Math.max(...times) + lastDuration,
    largestGapMs: gaps.length > 0 ? Math.max(...gaps) : 0,
    errors,
  };
}

/** One MD5 per picture after decoding (and scaling to `size`, if given): equal content has equal hashes. */
export async function frameHashes(
  input: string,
  { stream = 'v:0', size }: { stream?: string; size?: string } = {},
): Promise<string[]> {
  const scale = size ? ['-vf', `scale=${size}:flags=bilinear`] : [];
  const { stdout, stderr, code } = await run('ffmpeg', [
    '-v',
    'error',
    '-i',
    input,
    '-map',
    `0:${stream}`,
    ...scale,
    '-vsync',
    'passthrough',
    '-pix_fmt',
    'yuv420p',
    '-f',
    'framemd5',
    '-',
  ]);
  if (code !== 0) throw new Error(`ffmpeg could not decode ${input}: ${stderr.trim()}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').at(-1)?.trim() ?? '');
}

/** Integrated loudness (EBU R 128) in LUFS. */
export async function loudness(input: string, stream = 'a:0'): Promise<number> {
  const { stderr } = await run('ffmpeg', [
    '-nostats',
    '-i',
    input,
    '-map',
    `0:${stream}`,
    '-af',
    'ebur128',
    '-f',
    'null',
    '-',
  ]);
  const value = /Integrated loudness:\s+I:\s+(-?[\d.]+) LUFS/.exec(stderr)?.[1];
  if (value === undefined) throw new Error(`no loudness for ${input}`);
  return Number(value);
}

/**
 * How much later the sound is than the picture, in ms, for what was made from `media.flashAndBeep()`:
 * the median over all flashes.
 */
export async function soundDelayMs(picture: string, sound = picture): Promise<number> {
  const video = await run('ffmpeg', [
    '-nostats',
    '-i',
    picture,
    '-map',
    '0:v:0',
    '-vf',
    'blackdetect=d=0.2:pix_th=0.3',
    '-f',
    'null',
    '-',
  ]);
  const audio = await run('ffmpeg', [
    '-nostats',
    '-i',
    sound,
    '-map',
    '0:a:0',
    '-af',
    'silencedetect=n=-30dB:d=0.2',
    '-f',
    'null',
    '-',
  ]);
  // A flash ends where black begins, a beep where silence does.
  const dark = [...video.stderr.matchAll(/black_start:([\d.]+)/g)].map((match) => Number(match[1]));
  const quiet = [...audio.stderr.matchAll(/silence_start: ([\d.]+)/g)].map((match) => Number(match[1]));
  const delays = dark
    .map((end) => quiet.map((q) => q - end).reduce((best, d) => (Math.abs(d) < Math.abs(best) ? d : best), Infinity))
    .filter((delay) => Math.abs(delay) < 0.5)
    .sort((a, b) => a - b);
  const median = delays[Math.floor(delays.length / 2)];
  if (median === undefined) throw new Error('no flash with a beep near it');
  return median * 1000;
}
