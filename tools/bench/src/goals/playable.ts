import { type Platform } from '@kinora/local';
import { middleRung } from '@kinora/media';
import { freshDir } from '@kinora/testing';
import { bareCommand } from '../bare';
import { costOf, run } from '../cost';
import { type Pipeline, type Prepared, pipelineOf } from '../pipeline';
import { wholePlatform } from '../platform';
import { untilNoneNames, watchReads } from '../reads';
import { planOf, sample } from '../sources';
import { type BenchOptions, type Figure, type Measurement, figureOf, interleaved } from './goal';

const MIB = 1024 ** 2;

/** Deletes a video that is being encoded, and waits until nothing of that runs any more. */
async function takeAway(pipeline: Pipeline, prepared: Prepared): Promise<void> {
  await pipeline.remove(prepared);
  await untilNoneNames(prepared.videoId);
}

/** Seconds from the completion of an upload until its video is playable; what is left of the work is then taken away. */
async function secondsToPlayable(pipeline: Pipeline, file: string): Promise<number> {
  const prepared = await pipeline.upload(file);
  const seconds = await pipeline.untilPlayable(prepared);
  await takeAway(pipeline, prepared);
  return seconds;
}

/** Bytes of sources so far that services have read by themselves: transcode in its scans, the encoder for its ffmpegs. */
async function bytesServed({ services }: Platform): Promise<number> {
  const counts = [services.transcode, services.encoder].map(async ({ name, url }) => {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    const value = /^source_bytes_total\{.*\} (\S+)$/m.exec(metrics)?.[1];
    if (value === undefined) throw new Error(`${name} does not say what it has read`);
    return Number(value);
  });
  return (await Promise.all(counts)).reduce((sum, one) => sum + one, 0);
}

/** Bytes that all processes read of a source until its video is playable. */
async function bytesToPlayable(platform: Platform, pipeline: Pipeline, file: string): Promise<number> {
  const prepared = await pipeline.upload(file);
  const before = await bytesServed(platform);
  const reads = watchReads(prepared.videoId);
  await pipeline.untilPlayable(prepared);
  const bytes = reads.stop() + (await bytesServed(platform)) - before;
  await takeAway(pipeline, prepared);
  return bytes;
}

/** Wall seconds of a bare ffmpeg for the first four seconds of the middle rung, sound left out. */
const bareStart = (file: string) => async (): Promise<number> => {
  const plan = planOf(file);
  const args = bareCommand({ ...plan, rungs: [middleRung(plan.rungs)], audio: [] }, file, freshDir('bare'));
  const input = args.indexOf('-i');
  return (await costOf(() => run('ffmpeg', args.toSpliced(input, 0, '-t', '4')))).wall;
};

/** What a viewer waits for, and whether it depends on the length of the video. */
export const playable: Measurement = {
  goals: {
    G4: 'time to playable, 600 s of 720p ÷ 10 s: ≤ 1.25',
    G4b: 'time to playable ÷ bare ffmpeg -t 4 of the same rung: ≤ 1.5, or + 1 s where that is more',
    G5: 'bytes read of the source before playable, 600 s ÷ 60 s: ≤ 1.1, and ≤ 16 MB',
  },
  async run(wanted, { runs, quick, say }: BenchOptions): Promise<Record<string, Figure>> {
    const of = (seconds: number) => sample({ seconds: quick ? seconds / 10 : seconds, size: '1280x720', grain: false });
    const [long, middling, short] = [await of(600), await of(60), await of(quick ? 60 : 10)];
    await using platform = await wholePlatform();
    const pipeline = await pipelineOf(platform);
    const figures: Record<string, Figure> = {};
    const wait = (file: string) => () => secondsToPlayable(pipeline, file);
    // The first video of a platform waits for what is read and compiled once.
    await wait(short)();
    if (wanted.has('G4')) {
      say('G4: a long and a short video in turns');
      const rounds = await interleaved(runs, wait(long), wait(short));
      figures['G4'] = figureOf(rounds, (ratio) => ratio <= 1.25, { seconds: rounds });
    }
    if (wanted.has('G4b')) {
      say('G4b: a long video and a bare ffmpeg in turns');
      const rounds = await interleaved(runs, wait(long), bareStart(long));
      const late = Math.max(...rounds.map(({ ours, baseline, again }) => ours - (baseline + again) / 2));
      figures['G4b'] = figureOf(rounds, (ratio) => ratio <= 1.5 || late <= 1, { seconds: rounds });
    }
    if (wanted.has('G5')) {
      say('G5: bytes read of a long and of a short video');
      const read = (file: string) => () => bytesToPlayable(platform, pipeline, file);
      const rounds = await interleaved(runs, read(long), read(middling));
      const most = Math.max(...rounds.map(({ ours }) => ours)) / MIB;
      figures['G5'] = figureOf(rounds, (ratio) => ratio <= 1.1 && most <= 16, { mebibytes: most, bytes: rounds });
    }
    return figures;
  },
};
