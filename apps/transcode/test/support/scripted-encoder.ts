import {
  type LandedTrack,
  encodeAudio,
  encodeBeginning,
  encodeChunk,
  encodePoster,
  encodeStoryboard,
} from '@kinora/contracts-transcode';
import { layout } from '@kinora/delivery';
import { type Redis, type RunningWorker, createRedis, handle, startWorker } from '@kinora/jobs';
import {
  type ChunkPlan,
  EncodingPlan,
  firstFrameOfSegment,
  rungsOf,
  segmentCount,
  segmentOfFrame,
  toNumber,
} from '@kinora/media';
import { createBase } from '@kinora/service';
import { type ObjectStore } from '@kinora/storage';
import { type Platform } from './platform';

export interface Step {
  readonly kind: 'chunk' | 'audio' | 'poster' | 'storyboard';
  readonly encodingId: string;
  readonly videoId: string;
  readonly fence: number;
  readonly index: number;
  readonly jobId: string;
  readonly signal: AbortSignal;
  /** Writes and reports the segments of these numbers of every track of the job, or of some, with the share of its seconds. */
  report(numbers: readonly number[], share?: number, renditionIds?: readonly string[]): Promise<void>;
  /** All numbers of segments that the job makes. */
  readonly numbers: readonly number[];
}

/** What happens before a job's usual work; throw to fail it. */
export type Script = (step: Step) => Promise<void>;

export interface ScriptedEncoder {
  readonly ran: Step[];
  close(): Promise<void>;
}

const AAC = 'mp4a.40.2';
const sha = 'f'.repeat(64);

const framesOf = (plan: EncodingPlan): number => Math.round(((plan.durationMs ?? 0) / 1000) * toNumber(plan.rate));

function chunkOf(plan: EncodingPlan, index: number): ChunkPlan {
  const chunk = plan.chunks.find((one) => one.index === index);
  if (!chunk) throw new Error(`a job without its chunk ${index}`);
  return chunk;
}

function videoTracks(plan: EncodingPlan, index: number, all: readonly number[]): LandedTrack[] {
  const frames = framesOf(plan);
  return rungsOf(plan, chunkOf(plan, index)).map(({ rung, part }) => {
    const numbers = all.filter((number) => number >= part.firstSegment);
    const frameTicks = (rung.timescale * plan.rate.den) / plan.rate.num;
    return {
      renditionId: rung.id,
      init: { timescale: rung.timescale, codec: 'avc1.64001f', bytes: 700, sha256: sha },
      segments: numbers.map((number) => {
        const from = firstFrameOfSegment(number, plan.gopFrames);
        const to = Math.min(frames, firstFrameOfSegment(number + 1, plan.gopFrames));
        return { number, startTicks: from * frameTicks, durationTicks: (to - from) * frameTicks, bytes: 10_000 };
      }),
    };
  });
}

/** Of a chunk, over its rungs. */
function encodedSeconds(plan: EncodingPlan, index: number): number {
  const chunk = chunkOf(plan, index);
  const end = chunk.endFrame ?? framesOf(plan);
  return rungsOf(plan, chunk).reduce((sum, { part }) => sum + (end - part.startFrame) / toNumber(plan.rate), 0);
}

function audioTracks(plan: EncodingPlan, index: number, numbers: readonly number[]): LandedTrack[] {
  const track = plan.audio[index];
  if (!track) return [];
  const seconds = (number: number) => firstFrameOfSegment(number, plan.gopFrames) / toNumber(plan.rate);
  const end = (plan.durationMs ?? 0) / 1000;
  const ticks = (at: number) => Math.round(at * 48_000);
  return [
    {
      renditionId: track.id,
      init: { timescale: 48_000, codec: AAC, bytes: 600, sha256: sha },
      segments: numbers.map((number) => {
        const startTicks = ticks(seconds(number));
        const durationTicks = ticks(Math.min(end, seconds(number + 1))) - startTicks;
        return { number, startTicks, durationTicks, bytes: 2_000 };
      }),
    },
  ];
}

/** An encoder that makes nothing real but tells, in the contract's words, that it did: for orchestration's own cases. */
export function startScriptedEncoder(platform: Platform, script: Script = async () => undefined): ScriptedEncoder {
  const connection: Redis = createRedis(platform.redisServer.url);
  connection.on('error', () => undefined);
  const ran: Step[] = [];
  const store: ObjectStore = platform.stores.distribution;
  const { logger, metrics } = createBase('encoder', 'silent');
  const put = (key: string) => store.put(key, Buffer.from('x'), { contentType: 'video/mp4' });

  interface Payload {
    encodingId: string;
    videoId: string;
    fence: number;
    plan: Record<string, unknown>;
  }
  const tracksOf = (kind: Step['kind'], plan: EncodingPlan, index: number, numbers: readonly number[]) =>
    kind === 'chunk' ? videoTracks(plan, index, numbers) : kind === 'audio' ? audioTracks(plan, index, numbers) : [];

  const numbersOf = (kind: Step['kind'], plan: EncodingPlan, index: number): number[] => {
    const count = segmentCount(framesOf(plan), plan.gopFrames);
    const { firstSegment: first, endFrame } =
      kind === 'chunk' ? chunkOf(plan, index) : { firstSegment: 1, endFrame: null };
    const last = endFrame === null ? count : segmentOfFrame(endFrame - 1, plan.gopFrames);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => first + n);
  };

  const run = async (kind: Step['kind'], data: Payload, index: number, jobId: string, signal: AbortSignal) => {
    const plan = EncodingPlan.parse(data.plan);
    const { videoId, encodingId, fence } = data;
    const numbers = numbersOf(kind, plan, index);
    const seconds = kind === 'chunk' ? encodedSeconds(plan, index) : (plan.durationMs ?? 0) / 1000;
    const report: Step['report'] = async (some, share = 1, renditionIds) => {
      const all = tracksOf(kind, plan, index, some);
      const tracks = all.filter((track) => renditionIds?.includes(track.renditionId) ?? true);
      for (const track of tracks) {
        await put(layout.init(videoId, encodingId, track.renditionId));
        for (const { number } of track.segments)
          await put(layout.segment(videoId, encodingId, track.renditionId, number));
      }
      const client = await platform.reports();
      await client.reportSegments({
        params: { encodingId },
        body: { fence, jobId, encodedSeconds: seconds * share, tracks },
      });
    };
    const step: Step = { kind, encodingId, videoId, fence, index, jobId, signal, report, numbers };
    ran.push(step);
    // A script may wait for ever; a job that is aborted does not.
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
    });
    await Promise.race([script(step), aborted]);
    if (kind === 'chunk' || kind === 'audio') await report(numbers);
    return { plan, tracks: tracksOf(kind, plan, index, numbers) };
  };

  const picture = async (data: Payload, index: number, id: string, signal: AbortSignal) => {
    const { plan, tracks } = await run('chunk', data, index, id, signal);
    return { frames: plan.gopFrames, durationMs: 1, tracks };
  };
  const options = { connection, concurrency: 4, metrics, logger, lockMs: 2_000 };
  const beginnings = startWorker(
    [handle(encodeBeginning, (data, { id, signal }) => picture(data, 0, id, signal))],
    options,
  );
  const worker: RunningWorker = startWorker(
    [
      handle(encodeChunk, (data, { id, signal }) => picture(data, data.chunkIndex, id, signal)),
      handle(encodeAudio, async (data, { id, signal }) => {
        const { tracks } = await run('audio', data, data.audioIndex, id, signal);
        return { durationMs: 1, tracks };
      }),
      handle(encodePoster, async (data, { id, signal }) => {
        await run('poster', data, 0, id, signal);
        const key = layout.poster(data.videoId, data.encodingId);
        await put(key);
        return { key, width: 2, height: 2 };
      }),
      handle(encodeStoryboard, async (data, { id, signal }) => {
        await run('storyboard', data, 0, id, signal);
        const key = layout.storyboard(data.videoId, data.encodingId);
        await put(key);
        return { key, tiles: 1 };
      }),
    ],
    options,
  );
  return {
    ran,
    async close() {
      await Promise.all([worker, beginnings].map((one) => one.close({ abort: true })));
      connection.disconnect();
    },
  };
}
