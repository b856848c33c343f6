import { type LandedTrack } from '@kinora/contracts-transcode';
import {
  type ChunkPlan,
  type EncodingPlan,
  type MediaInput,
  audioArguments,
  chunkArguments,
  isBeginning,
  rungsOf,
  toNumber,
} from '@kinora/media';
import { type ChunkResult, encodePicture, firstNumbers } from './encode-chunk';
import { encodeFirstSound, firstSoundSeconds, soundOfBeginning } from './first-sound';
import { type EncodeJob } from './encode-job';
import { type EncodeDeps, type JobRun } from './ports';
import { onceOnly } from './receipts';
import { type Reporter } from './reporter';
import { withReports } from './with-reports';

/** Does two things at a time; when one fails, the other is stopped, and both have ended when this rejects. */
async function together<A, B>(
  signal: AbortSignal,
  one: (signal: AbortSignal) => Promise<A>,
  other: (signal: AbortSignal) => Promise<B>,
): Promise<[A, B]> {
  const failed = new AbortController();
  const both = AbortSignal.any([signal, failed.signal]);
  const work = [one(both), other(both)] as const;
  try {
    return await Promise.all(work);
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(work);
    throw error;
  }
}

/** So much of the source is read at most; undefined if that is all of it. */
const secondsRead = ({ rate }: EncodingPlan, { endFrame }: ChunkPlan): number | undefined =>
  endFrame === null ? undefined : endFrame / toNumber(rate);

/** Encodes what a video needs to be playable: the first segments of its middle rung, and the first of its default sound. */
export const encodeBeginning =
  (deps: EncodeDeps) =>
  async (job: EncodeJob, run: JobRun): Promise<ChunkResult> => {
    const { plan } = job;
    const chunk = plan.chunks.find(isBeginning);
    if (!chunk) throw deps.refuse('encoding.inconsistent', 'There is no beginning in the plan.');
    const parts = rungsOf(plan, chunk);
    const audio = soundOfBeginning(plan);
    const stdin = { kind: 'stdin' } as const;
    const recipe = [
      chunkArguments(plan, chunk, stdin),
      ...(audio ? [audioArguments(plan, audio, stdin, { seconds: firstSoundSeconds(plan) })] : []),
    ];
    const task = { startFrame: chunk.startFrame, endFrame: chunk.endFrame, parts, audio, recipe };

    const encode = async (source: MediaInput, reporter: Reporter, signal: AbortSignal): Promise<ChunkResult> => {
      const [picture, sound] = await together(
        signal,
        (both) => encodePicture(deps, { job, chunk, parts, source, run: { ...run, signal: both }, reporter }),
        async (both): Promise<LandedTrack[]> =>
          audio ? encodeFirstSound(deps, { job, audio, source, run: { ...run, signal: both }, reporter }) : [],
      );
      return { ...picture, tracks: [...picture.tracks, ...sound] };
    };
    const renditions = firstNumbers(parts);
    if (audio) renditions.set(audio.id, 1);
    const written = { renditions, awaited: [...renditions.keys()] };
    return deps.beginnings.during(() =>
      withReports(deps, job, run, written, (reporter, signal) =>
        onceOnly(deps, job, task, reporter, (source) => encode(source, reporter, signal), secondsRead(plan, chunk)),
      ),
    );
  };
