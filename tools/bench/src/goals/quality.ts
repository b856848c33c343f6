import { audioArguments, firstFrameOfSegment } from '@kinora/media';
import { freshDir } from '@kinora/testing';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { WHOLE, chunkedPlan, encodeJoined } from '../chunks';
import { run } from '../cost';
import { median } from '../report';
import { sample } from '../sources';
import { type BenchOptions, type Figure, type Measurement, exactly } from './goal';

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

/** SSIM of every frame of an encoded rung with the source, brought to its size. */
async function ssim(encoded: string, source: string, size: string): Promise<number[]> {
  const stats = path.join(freshDir('ssim'), 'stats');
  const graph = `[1:v:0]scale=${size},format=yuv420p[s];[0:v:0][s]ssim=stats_file=${stats}`;
  const args = ['-v', 'error', '-nostdin', '-i', encoded, '-i', source, '-filter_complex', graph];
  await run('ffmpeg', [...args, '-f', 'null', '-']);
  const lines = (await readFile(stats, 'utf8')).trim().split('\n');
  return lines.map((line) => Number(/All:([\d.]+)/.exec(line)?.[1]));
}

/** Decoded samples of one channel. */
const samplesOf = (file: string): number =>
  execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-map', '0:a:0', '-ac', '1', '-f', 's16le', '-'], {
    maxBuffer: 1 << 30,
  }).length / 2;

/** Frames on each side of a seam that are looked at. */
const NEAR = 5;

/** What chunks cost in size and quality, beside an encode in one piece. Nothing is timed: one run tells. */
export const quality: Measurement = {
  goals: {
    G7: 'bytes in chunks ÷ in one piece: 0.97 to 1.01; mean SSIM ≤ 0.001 less, and ≤ 0.01 less around any seam',
    G8: 'samples of sound ÷ those of the source: none missing',
  },
  async run(wanted, { quick, say }: BenchOptions): Promise<Record<string, Figure>> {
    const file = await sample({ seconds: quick ? 30 : 60, size: quick ? '640x360' : '1920x1080' });
    const plan = chunkedPlan(file, quick ? 8 : 20, 2);
    const figures: Record<string, Figure> = {};
    if (wanted.has('G7')) {
      const inChunks = await encodeJoined(plan, plan.chunks, file);
      const whole = await encodeJoined(plan, [WHOLE], file);
      const rungs = [];
      for (const { id, width, height } of plan.rungs) {
        say(`G7: ${id}`);
        const [ours, theirs] = [inChunks.get(id), whole.get(id)];
        if (!ours || !theirs) throw new Error(`${id} was not encoded`);
        const [a, b] = [
          await ssim(ours.file, file, `${width}:${height}`),
          await ssim(theirs.file, file, `${width}:${height}`),
        ];
        const seams = ours.starts
          .filter((segment) => segment > 1)
          .map((one) => firstFrameOfSegment(one, plan.gopFrames));
        // Single frames differ by their type, which is not the same in two encodes: those around a seam are taken together.
        const around = (values: readonly number[], seam: number) => values.slice(seam - NEAR, seam + NEAR);
        const apart = seams.map((seam) => mean(around(b, seam)) - mean(around(a, seam)));
        const frames = seams.flatMap((seam) => around(b, seam).map((one, n) => one - (around(a, seam)[n] ?? 0)));
        rungs.push({
          ...{ id, bytes: ours.bytes / theirs.bytes, frames: a.length - b.length, meanApart: mean(b) - mean(a) },
          ...{ worstAtSeams: Math.max(...apart), worstFrame: Math.max(...frames) },
        });
      }
      const ratios = rungs.map(({ bytes }) => bytes);
      const met = rungs.every(
        (one) =>
          one.bytes >= 0.97 &&
          one.bytes <= 1.01 &&
          one.frames === 0 &&
          one.meanApart <= 0.001 &&
          one.worstAtSeams <= 0.01,
      );
      figures['G7'] = {
        ...exactly(median(ratios), met, { rungs }),
        ...{ min: Math.min(...ratios), max: Math.max(...ratios) },
      };
    }
    if (wanted.has('G8')) {
      const [track] = plan.audio;
      if (!track) throw new Error('the source has sound');
      const out = path.join(freshDir('sound'), 'a0.mp4');
      const args = audioArguments(plan, track, { kind: 'file', path: file });
      await run('ffmpeg', args.map((arg) => (arg === 'pipe:3' ? out : arg))); // prettier-ignore
      const [ours, source] = [samplesOf(out), samplesOf(file)];
      figures['G8'] = exactly(ours / source, ours >= source, { samples: ours, ofTheSource: source });
    }
    return figures;
  },
};
