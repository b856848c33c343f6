import { type LandedTrack } from '@kinora/contracts-transcode';
import {
  BEGINNING_SEGMENTS,
  type ChunkPlan,
  type EncodingPlan,
  type InitFacts,
  type MediaInput,
  type Rung,
  type Segment,
  byGops,
  chunkArguments,
  firstFrameOfSegment,
  gopsInSegment,
  isBeginning,
  isTruncated,
  looksTransient,
  middleRung,
  refusal,
  rungsOf,
  toNumber,
} from '@kinora/media';
import { patiently } from './beginnings';
import { type EncodeJob } from './encode-job';
import { encodeLimits } from './limits';
import { assertRun, throwTruncated } from './outcome';
import { type EncodeDeps, type FfmpegExit, type JobRun, type Refuse } from './ports';
import { onceOnly } from './receipts';
import { type RenditionWriter, createRenditionWriter } from './rendition-writer';
import { type Reporter } from './reporter';
import { withReports } from './with-reports';

export interface ChunkResult {
  readonly frames: number;
  readonly durationMs: number;
  readonly tracks: LandedTrack[];
}

const inconsistent = (refuse: Refuse, what: string) =>
  refuse('encoding.inconsistent', `The encoder's output was not as planned (${what}). Start the encoding again.`);

/** Holds every segment to the plan: its place on the time line to the tick, its length to the frame. */
const checkAgainst = (plan: EncodingPlan, rung: Rung, refuse: Refuse) => (segment: Segment, facts: InitFacts) => {
  const frameTicks = (rung.timescale * plan.rate.den) / plan.rate.num;
  if (facts.timescale !== rung.timescale || facts.width !== rung.width || facts.height !== rung.height)
    throw inconsistent(refuse, `${rung.id} is ${facts.width}x${facts.height} at ${facts.timescale}`);
  if (segment.startTicks !== firstFrameOfSegment(segment.number, plan.gopFrames) * frameTicks)
    throw inconsistent(refuse, `${rung.id} segment ${segment.number} starts at ${segment.startTicks}`);
  if (
    segment.durationTicks !== segment.samples * frameTicks ||
    segment.samples > gopsInSegment(segment.number) * plan.gopFrames
  )
    throw inconsistent(refuse, `${rung.id} segment ${segment.number} lasts ${segment.durationTicks}`);
};

/** Decides from what was decoded whether all of it was there; ffmpeg ends well on files that were cut off. */
function assertWhole(plan: EncodingPlan, chunk: ChunkPlan, frames: number, exit: FfmpegExit, refuse: Refuse): void {
  const nothing = refusal('source.unreadable');
  if (frames === 0 && chunk.startFrame === 0) throw refuse(nothing.code, nothing.message);
  if (chunk.endFrame !== null) {
    // Where only the sound's length is declared, the picture may end before.
    const proven = plan.durationIsOfVideo || !isBeginning(chunk) || looksTransient(exit.stderr);
    if (proven && frames < chunk.endFrame - chunk.startFrame) throwTruncated(exit, refuse);
    return;
  }
  const decodedMs = ((chunk.startFrame + frames) * 1000) / toNumber(plan.rate);
  if (plan.durationMs !== undefined && plan.durationIsOfVideo && isTruncated(plan.durationMs, decodedMs))
    throwTruncated(exit, refuse);
}

/** Whether a chunk is all of the video: then no other job writes its tracks. */
const isAlone = ({ startFrame, endFrame, rungs }: ChunkPlan): boolean =>
  startFrame === 0 && endFrame === null && rungs === undefined;

/**
 * One where the machine is shared by as many jobs as it has cores; a killed job gets less of it, too. What has the machine for
 * itself takes as many as cores: x264 alone would take half as many again, for 5 % more CPU and no less time.
 */
function threadsOf(chunk: ChunkPlan, attempt: number, { threads, cores }: EncodeDeps): number {
  if (attempt > 1) return 1;
  if (threads !== undefined) return threads;
  const isOneOfMany = chunk.endFrame === null ? chunk.firstSegment > BEGINNING_SEGMENTS + 1 : !isBeginning(chunk);
  return isOneOfMany ? 1 : cores;
}

/** Rungs with the numbers of their first segments. */
export const firstNumbers = (parts: ReturnType<typeof rungsOf>): Map<string, number> =>
  new Map(parts.map(({ rung, part }) => [rung.id, part.firstSegment]));

/** Encodes one chunk: one decode, every rung that it has, segments into the store as they come. */
export const encodeChunk =
  (deps: EncodeDeps) =>
  async (job: EncodeJob & { readonly chunkIndex: number }, run: JobRun): Promise<ChunkResult> => {
    const { plan } = job;
    const chunk = plan.chunks.find(({ index }) => index === job.chunkIndex);
    if (!chunk) throw inconsistent(deps.refuse, `there is no chunk ${job.chunkIndex}`);
    const parts = rungsOf(plan, chunk);
    // Threads make no difference to what is wanted, and the source is told apart by its version.
    const recipe = chunkArguments(plan, chunk, { kind: 'stdin' });
    const task = { startFrame: chunk.startFrame, endFrame: chunk.endFrame, parts, recipe };
    const written = { renditions: firstNumbers(parts), awaited: isAlone(chunk) ? [middleRung(plan.rungs).id] : [] };
    return withReports(deps, job, run, written, (reporter, signal) =>
      onceOnly(deps, job, task, reporter, async (source) => {
        if (!isAlone(chunk)) await patiently(deps.beginnings, signal)();
        return encodePicture(deps, { job, chunk, parts, source, run: { ...run, signal }, reporter });
      }),
    );
  };

export interface ChunkRun {
  readonly job: EncodeJob;
  readonly chunk: ChunkPlan;
  readonly parts: ReturnType<typeof rungsOf>;
  readonly source: MediaInput;
  readonly run: JobRun;
  readonly reporter: Reporter;
}

/** One decode of a chunk's range, every rung of it, held to the plan. */
export async function encodePicture(deps: EncodeDeps, of: ChunkRun): Promise<ChunkResult> {
  const { job, chunk, parts, source, run, reporter } = of;
  const { plan } = job;
  const threads = threadsOf(chunk, run.attempt, deps);
  const writers = parts.map(({ rung, part }): RenditionWriter =>
    createRenditionWriter(deps.store, deps.refuse, {
      videoId: job.videoId,
      encodingId: job.encodingId,
      renditionId: rung.id,
      rule: () => byGops,
      firstSegment: part.firstSegment,
      shared: !isAlone(chunk),
      check: checkAgainst(plan, rung, deps.refuse),
      onEncoded: (seconds) => reporter.encoded(seconds),
      onLanded: (track) => reporter.landed(track),
    }),
  );
  const bitsPerSecond = parts.reduce((sum, { rung }) => sum + rung.maxrate, 0);
  const exit = await deps.ffmpeg.run({
    args: chunkArguments(plan, chunk, source, { threads }),
    outputs: writers.map((writer) => (bytes) => writer.push(bytes)),
    limits: encodeLimits(plan, bitsPerSecond),
    signal: run.signal,
    urgent: isBeginning(chunk),
  });
  assertRun(exit, run.attempt, deps.refuse);
  /** Frames of the chunk's range that were there for each rung. */
  const reached = writers.map(
    ({ samples }, n) => samples + ((parts[n]?.part.startFrame ?? chunk.startFrame) - chunk.startFrame),
  );
  const frames = Math.min(...reached);
  assertWhole(plan, chunk, frames, exit, deps.refuse);
  for (const writer of writers) await writer.end();
  if (reached.some((one) => one !== frames)) throw inconsistent(deps.refuse, 'rungs of unequal length');
  return {
    frames,
    durationMs: Math.round((frames * 1000) / toNumber(plan.rate)),
    tracks: writers.map((writer) => writer.landed),
  };
}
