import { type LandedTrack } from '@kinora/contracts-transcode';
import {
  type ChunkPlan,
  type EncodingPlan,
  type InitFacts,
  type Rung,
  type Segment,
  byGops,
  chunkArguments,
  firstFrameOfSegment,
  gopsInSegment,
  isTruncated,
  refusal,
  toNumber,
} from '@kinora/media';
import { type EncodeJob } from './encode-job';
import { encodeLimits } from './limits';
import { assertRun, throwTruncated } from './outcome';
import { type EncodeDeps, type FfmpegExit, type JobRun, type Refuse } from './ports';
import { type RenditionWriter, createRenditionWriter } from './rendition-writer';
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
    if (frames < chunk.endFrame - chunk.startFrame) throwTruncated(exit, refuse);
    return;
  }
  const decodedMs = ((chunk.startFrame + frames) * 1000) / toNumber(plan.rate);
  if (plan.durationMs !== undefined && plan.durationIsOfVideo && isTruncated(plan.durationMs, decodedMs))
    throwTruncated(exit, refuse);
}

/** Encodes one chunk: one decode, every rung, segments into the store as they come. */
export const encodeChunk =
  (deps: EncodeDeps) =>
  async (job: EncodeJob & { readonly chunkIndex: number }, run: JobRun): Promise<ChunkResult> => {
    const { plan } = job;
    const chunk = plan.chunks[job.chunkIndex];
    if (!chunk) throw inconsistent(deps.refuse, `there is no chunk ${job.chunkIndex}`);
    const source = await deps.store.source(job.sourceKey);
    // What a machine killed once (for its memory, mostly) gets less of it.
    const threads = run.attempt > 1 ? 1 : deps.threads;

    return withReports(deps, job, run, async (reporter, signal) => {
      const writers = plan.rungs.map((rung): RenditionWriter =>
        createRenditionWriter(deps.store, deps.refuse, {
          videoId: job.videoId,
          encodingId: job.encodingId,
          renditionId: rung.id,
          rule: () => byGops,
          firstSegment: chunk.firstSegment,
          shared: plan.chunks.length > 1,
          check: checkAgainst(plan, rung, deps.refuse),
          onEncoded: (seconds) => reporter.encoded(seconds),
          onLanded: (track) => reporter.landed(track),
        }),
      );
      const bitsPerSecond = plan.rungs.reduce((sum, rung) => sum + rung.maxrate, 0);
      const exit = await deps.ffmpeg.run({
        args: chunkArguments(plan, chunk, source, threads === undefined ? {} : { threads }),
        outputs: writers.map((writer) => (bytes) => writer.push(bytes)),
        limits: encodeLimits(plan, bitsPerSecond),
        signal,
      });
      assertRun(exit, run.attempt, deps.refuse);
      const frames = Math.min(...writers.map((writer) => writer.samples));
      assertWhole(plan, chunk, frames, exit, deps.refuse);
      for (const writer of writers) await writer.end();
      if (writers.some((writer) => writer.samples !== frames))
        throw inconsistent(deps.refuse, 'rungs of unequal length');
      return {
        frames,
        durationMs: Math.round((frames * 1000) / toNumber(plan.rate)),
        tracks: writers.map((writer) => writer.landed),
      };
    });
  };
