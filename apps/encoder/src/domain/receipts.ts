import { LandedTrack } from '@kinora/contracts-transcode';
import { layout } from '@kinora/delivery';
import { type MediaInput } from '@kinora/media';
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { type EncodeJob } from './encode-job';
import { type EncodeDeps } from './ports';
import { type Reporter } from './reporter';

/** What a job that makes media leaves with. */
const Outcome = z.object({
  frames: z.int().nonnegative().optional(),
  durationMs: z.number().nonnegative(),
  tracks: z.array(LandedTrack),
});

/**
 * What a job's output depends on, as one name: the bytes of the source, what is made of them and how (the command's arguments among it,
 * so that a changed recipe finds no receipt of the old), and the programs that do it.
 * Neither attempts nor fences: a job that is added again is the same job.
 */
async function identityOf(deps: EncodeDeps, { plan }: EncodeJob, version: string, task: unknown): Promise<string> {
  const { source, rate, gopFrames, durationMs } = plan;
  const all = [version, await deps.build(), source, rate, gopFrames, durationMs, task];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 32);
}

const secondsOf = ({ init, segments }: LandedTrack): number =>
  segments.reduce((sum, { durationTicks }) => sum + durationTicks, 0) / (init?.timescale ?? 1);

/**
 * Does a job's work unless that was done before, whoever did it and whatever became of the news: a receipt lies beside the
 * segments, written when all of them had landed. Then they are only reported.
 * @param seconds of the source that the work reads at most, from its beginning; all of it unless told
 */
export async function onceOnly<R extends { frames?: number; durationMs: number; tracks: LandedTrack[] }>(
  deps: EncodeDeps,
  job: EncodeJob,
  task: unknown,
  reporter: Reporter,
  work: (source: MediaInput) => Promise<R>,
  seconds?: number,
): Promise<R> {
  const { input, version, release } = await deps.store.source(job.sourceKey, seconds);
  try {
    const identity = await identityOf(deps, job, version, task);
    const key = `${layout.encoding(job.videoId, job.encodingId)}jobs/${identity}.json`;
    const receipt = await deps.store.get(key);
    if (receipt) {
      const done = Outcome.parse(JSON.parse((await buffer(receipt)).toString())) as R;
      for (const track of done.tracks) {
        reporter.encoded(secondsOf(track));
        reporter.landed(track);
      }
      return done;
    }
    const done = await work(input);
    await deps.store.put(key, Buffer.from(JSON.stringify(done)));
    return done;
  } finally {
    await release?.();
  }
}
