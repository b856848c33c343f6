import { layout } from '@kinora/delivery';
import { type EncodingPlan, type MediaInput, posterArguments, refusal } from '@kinora/media';
import { patiently } from './beginnings';
import { type EncodeJob } from './encode-job';
import { stillLimits } from './limits';
import { assertRun } from './outcome';
import { type EncodeDeps, type JobRun } from './ports';

/** Takes one good picture from the source. */
export const makePoster = (deps: EncodeDeps) => {
  const take = async (plan: EncodingPlan, source: MediaInput, run: JobRun): Promise<Buffer> => {
    const pieces: Uint8Array[] = [];
    const exit = await deps.ffmpeg.run({
      args: posterArguments(plan, source),
      outputs: [(bytes) => void pieces.push(bytes)],
      limits: stillLimits,
      signal: run.signal,
    });
    assertRun(exit, run.attempt, deps.refuse);
    return Buffer.concat(pieces);
  };

  return async (job: EncodeJob, run: JobRun): Promise<{ key: string; width: number; height: number }> => {
    const { plan } = job;
    const { input: source } = await deps.store.source(job.sourceKey);
    await patiently(deps.beginnings, run.signal)();
    let picture = await take(plan, source, run);
    // Nothing to be found there (a seek past the last keyframe, a broken index): then from the beginning.
    if (picture.length === 0) picture = await take({ ...plan, poster: { ...plan.poster, atMs: 0 } }, source, run);
    if (picture.length === 0) {
      const { code, message } = refusal('source.unreadable');
      throw deps.refuse(code, message);
    }
    const key = layout.poster(job.videoId, job.encodingId);
    await deps.store.put(key, picture);
    return { key, width: plan.poster.width, height: plan.poster.height };
  };
};
