import {
  type ChunkPlan,
  type EncodingPlan,
  type SourceFacts,
  byGops,
  chunkArguments,
  chunksOf,
  createFragmentSplitter,
  createPacketScan,
  createSegmenter,
  factsOf,
  packetScanArguments,
  planBeginning,
  planInDetail,
  rungsOf,
  toNumber,
} from '@kinora/media';
import { freshDir, makeMedia } from '@kinora/testing';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { createFfmpeg } from '../src/adapters/ffmpeg/ffmpeg';
import { planOf } from './harness';

const GIB = 1024 ** 3;
const ffmpeg = createFfmpeg({ program: 'ffmpeg', maxMemoryBytes: 4 * GIB });

export interface Segment {
  readonly number: number;
  readonly startTicks: number;
  readonly durationTicks: number;
  readonly samples: number;
  readonly bytes: Buffer;
}
export interface Track {
  readonly inits: Buffer[];
  readonly segments: Segment[];
}

/** Options that stand with a value, which an encode without loss can't have. */
const LOSSY = new Set(['-profile:v', '-level:v', '-maxrate', '-bufsize']);

/** The same command, but for what x264 throws away: nothing. */
const lossless = (args: readonly string[]): string[] =>
  args.flatMap((arg, n) => {
    if (LOSSY.has(arg) || LOSSY.has(args[n - 1] ?? '')) return [];
    if (arg === '-crf') return ['-qp'];
    return args[n - 1] === '-crf' ? ['0'] : [arg];
  });

/** Runs chunks as jobs do, with one thread, and returns what each rung came to. */
export async function encodeChunks(
  plan: EncodingPlan,
  chunks: readonly ChunkPlan[],
  file: string,
  { lossy = false }: { lossy?: boolean } = {},
): Promise<Map<string, Track>> {
  const tracks = new Map(plan.rungs.map(({ id }): [string, Track] => [id, { inits: [], segments: [] }]));
  for (const chunk of chunks) {
    const parts = rungsOf(plan, chunk).map(({ rung, part }) => {
      const track = tracks.get(rung.id);
      if (!track) throw new Error('unreachable');
      const keep = (segment: ReturnType<ReturnType<typeof createSegmenter>['end']>): void => {
        if (!segment) return;
        const { number, startTicks, durationTicks, samples } = segment;
        track.segments.push({ number, startTicks, durationTicks, samples, bytes: Buffer.concat(segment.parts) });
      };
      return { track, splitter: createFragmentSplitter(), segmenter: createSegmenter(byGops, part.firstSegment), keep };
    });
    const args = chunkArguments(plan, chunk, { kind: 'file', path: file }, { threads: 1 });
    const exit = await ffmpeg.run({
      args: lossy ? args : lossless(args),
      outputs: parts.map(({ track, splitter, segmenter, keep }) => (bytes) => {
        for (const event of splitter.push(bytes)) {
          if (event.type === 'init') track.inits.push(Buffer.from(event.bytes));
          else keep(segmenter.push(event.fragment));
        }
      }),
      limits: { wallMs: 300_000, outputBytes: 4 * GIB },
      signal: new AbortController().signal,
    });
    if (exit.exitCode !== 0) throw new Error(exit.stderr);
    for (const { segmenter, keep } of parts) keep(segmenter.end());
  }
  for (const { segments } of tracks.values()) segments.sort((a, b) => a.number - b.number);
  return tracks;
}

/** One file of a rung's init and segments, as a player sees them. */
export async function stitch({ inits, segments }: Track): Promise<string> {
  const file = path.join(freshDir('seams'), 'stitched.mp4');
  await writeFile(file, Buffer.concat([inits[0] ?? Buffer.alloc(0), ...segments.map(({ bytes }) => bytes)]));
  return file;
}

/** Hash and time of every frame, in ticks of the track. */
export async function frames(file: string): Promise<{ pts: number; hash: string }[]> {
  const args = ['-v', 'error', '-i', file, '-map', '0:v:0', '-fps_mode', 'passthrough', '-enc_time_base', '-1'];
  const { stdout } = await promisify(execFile)('ffmpeg', [...args, '-f', 'framemd5', '-'], { maxBuffer: 64 << 20 });
  return stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').map((field) => field.trim()))
    .map(([, , pts, , , hash]) => ({ pts: Number(pts), hash: hash ?? '' }));
}

export async function factsOfFile(plan: EncodingPlan, file: string): Promise<SourceFacts | undefined> {
  const scan = createPacketScan(plan.source.videoIndex);
  const args = packetScanArguments({ kind: 'file', path: file });
  const { stdout } = await promisify(execFile)('ffprobe', args, { maxBuffer: 64 << 20 });
  scan.push(stdout);
  const { times } = scan.end();
  return times && factsOf(times, toNumber(plan.source.timeBase), plan.rate);
}

/** The plan of a file as the pipeline makes it, in chunks of about so many seconds; with a second, smaller rung. */
export async function chunkedPlan(file: string, seconds: number, slots = 1): Promise<EncodingPlan> {
  const planned = await planOf(file);
  const [top] = planned.rungs;
  if (!top) throw new Error('a plan has a rung');
  const half = { ...top, id: 'v90', width: top.width / 2, height: Math.floor(top.height / 4) * 2 };
  const whole = { ...planned, rungs: [top, half] };
  const facts = await factsOfFile(whole, file);
  return planInDetail(planBeginning(whole), facts, chunksOf(seconds, whole.rate, slots));
}

export const WHOLE: ChunkPlan = { index: 0, startFrame: 0, endFrame: null, firstSegment: 1 };

/** Pictures that all differ, and a tone. */
const picture = (fps: string, seconds: number, filters = ''): string[] => [
  ...['-f', 'lavfi', '-i', `testsrc2=s=320x180:r=${fps}:d=${seconds},noise=alls=3:allf=t,format=yuv420p${filters}`],
  ...['-f', 'lavfi', '-i', `sine=440:r=48000:d=${seconds}`, '-map', '0', '-map', '1'],
];
const encoded = (x264: string): string[] => [
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '30', '-bf', '3', '-x264-params', x264],
  ...['-c:a', 'aac', '-b:a', '64k'],
];

const cfr = (fps: string, x264: string, name = 'cfr', extension = 'mp4', seconds = 26.5): Promise<string> =>
  makeMedia({
    name: `seams-${name}-${fps.replace('/', '_')}-${seconds}.${extension}`,
    args: [...picture(fps, seconds), ...encoded(x264)],
  });

/** Sources with all that makes cutting hard. */
export const seamSources = {
  cfr25: () => cfr('25', 'keyint=250:min-keyint=25'),
  cfr2997: () => cfr('30000/1001', 'keyint=300'),
  cfr60: () => cfr('60', 'keyint=600:bframes=4'),
  openGop: () => cfr('25', 'keyint=100:open-gop=1:bframes=4:b-pyramid=normal', 'open'),
  /** Its clock ticks in milliseconds. */
  matroska: () => cfr('30000/1001', 'keyint=300', 'cfr', 'mkv'),
  /** Frames missing here and there, and none for six seconds. */
  vfrWithHole: () => {
    const dropped = ",select='gt(mod(n*7919,11),4)*not(between(t,12.5,18.7))'";
    const clock = ['-fps_mode', 'vfr', '-enc_time_base', '1/90000', '-video_track_timescale', '90000'];
    return makeMedia({
      name: 'seams-vfr.mp4',
      args: [...picture('60', 26.5, dropped), ...encoded('keyint=300'), ...clock],
    });
  },
  /** Cut in the middle of a GOP by an edit list. */
  async editList() {
    const whole = await seamSources.cfr25();
    return makeMedia({
      name: 'seams-edit.mp4',
      salt: whole,
      args: ['-ss', '2.5', '-i', whole, '-c', 'copy', '-map', '0'],
    });
  },
  /** The picture begins 0.7 s after the sound. */
  async lateVideo() {
    const whole = await seamSources.cfr25();
    const inputs = ['-itsoffset', '0.7', '-i', whole, '-i', whole, '-map', '0:v', '-map', '1:a'];
    return makeMedia({ name: 'seams-late.mp4', salt: whole, args: [...inputs, '-c', 'copy'] });
  },
};
