import {
  FIRST_OUTPUT_FD,
  MAX_PROBE_OUTPUT,
  type PublishedAudio,
  type PublishedSegment,
  type PublishedVideo,
  type SegmentRule,
  audioArguments,
  byGops,
  chunkArguments,
  createFragmentSplitter,
  createSegmenter,
  nearVideo,
  parseProbe,
  planEncoding,
  probeArguments,
  toNumber,
} from '@kinora/media';
import { program } from '@kinora/testing';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';

/** All media of one encoding, in memory: what a store would hold in the end, by its name beside the manifests. */
export interface Title {
  readonly video: readonly PublishedVideo[];
  readonly audio: readonly PublishedAudio[];
  readonly objects: ReadonlyMap<string, Buffer>;
  readonly seconds: number;
}

/** Runs ffmpeg and returns what it wrote to each of its outputs. */
async function outputsOf(args: readonly string[], count: number): Promise<Buffer[]> {
  const pipes = Array.from({ length: count }, () => 'pipe' as const);
  const child = spawn(program('ffmpeg'), args, { stdio: ['ignore', 'ignore', 'inherit', ...pipes] });
  const exited = once(child, 'exit');
  const written = await Promise.all(pipes.map((_, n) => buffer(child.stdio[FIRST_OUTPUT_FD + n] as Readable)));
  const [code] = (await exited) as [number | null];
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}`);
  return written;
}

/** Cuts a part of a track as the encoders do, and keeps its objects. */
function cut(
  id: string,
  bytes: Buffer,
  ruleOf: (timescale: number) => SegmentRule,
  objects: Map<string, Buffer>,
  firstSegment = 1,
) {
  const splitter = createFragmentSplitter();
  let segmenter: ReturnType<typeof createSegmenter> | undefined;
  let facts = { codec: '', timescale: 1 };
  const segments: PublishedSegment[] = [];
  const keep = (segment: ReturnType<ReturnType<typeof createSegmenter>['end']>): void => {
    if (!segment) return;
    objects.set(`${id}/${segment.number}.m4s`, Buffer.concat(segment.parts));
    segments.push({ ticks: segment.durationTicks, bytes: segment.byteLength });
  };
  for (const event of splitter.push(bytes)) {
    if (event.type === 'init') {
      ({ facts } = event);
      objects.set(`${id}/init.mp4`, Buffer.from(event.bytes));
      segmenter = createSegmenter(ruleOf(facts.timescale), firstSegment);
    } else keep(segmenter?.push(event.fragment));
  }
  keep(segmenter?.end());
  return { id, codec: facts.codec, timescale: facts.timescale, segments };
}

/** Encodes a file with the very commands of the encoders, in chunks of about so many seconds. */
export async function encodeTitle(file: string, chunkSeconds: number): Promise<Title> {
  const source = { kind: 'file', path: file } as const;
  const { stdout, stderr } = await promisify(execFile)(program('ffprobe'), probeArguments(source), {
    maxBuffer: MAX_PROBE_OUTPUT,
  });
  const probe = parseProbe(stdout, stderr);
  const { rate } = planEncoding(probe);
  const plan = planEncoding(probe, { targetFrames: chunkSeconds * toNumber(rate) });
  const objects = new Map<string, Buffer>();
  const parts: ReturnType<typeof cut>[][] = [];
  for (const chunk of plan.chunks) {
    const pictures = await outputsOf(chunkArguments(plan, chunk, source), plan.rungs.length);
    parts.push(
      pictures.map((bytes, n) => cut(plan.rungs[n]?.id ?? '', bytes, () => byGops, objects, chunk.firstSegment)),
    );
  }
  const video = plan.rungs.map(({ id, width, height }, n) => {
    const segments = parts.flatMap((part) => part[n]?.segments ?? []);
    const { codec = '', timescale = 1 } = parts[0]?.[n] ?? {};
    return { id, codec, timescale, segments, width, height, frameRate: plan.rate };
  });
  const audio: PublishedAudio[] = [];
  for (const track of plan.audio) {
    const [sound = Buffer.alloc(0)] = await outputsOf(audioArguments(plan, track, source), 1);
    const rule = (timescale: number) => nearVideo(plan.gopFrames / toNumber(plan.rate), timescale);
    audio.push({ ...track, ...cut(track.id, sound, rule, objects) });
  }
  return { video, audio, objects, seconds: (plan.durationMs ?? 0) / 1000 };
}
