import { type EncodingPlan, type PublishedTracks, dashManifest, hlsMedia, hlsMultivariant } from '@kinora/media';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { WHOLE, type Cut, cut, encodeChunk } from '../chunks';
import { costOf } from '../cost';
import { planOf, sample } from '../sources';
import { type BenchOptions, type Figure, type Measurement, figureOf } from './goal';

/** Repeats of what takes milliseconds. */
const TIMES = 20;

const published = (plan: EncodingPlan, cuts: readonly Cut[]): PublishedTracks => ({
  complete: true,
  video: plan.rungs.map((rung, n) => ({
    ...{ id: rung.id, codec: 'avc1.640028', timescale: rung.timescale, width: rung.width, height: rung.height },
    frameRate: plan.rate,
    segments: (cuts[n]?.segments ?? []).map((one) => ({ ticks: one.durationTicks, bytes: one.byteLength })),
  })),
  audio: [],
});

/** All that is done to an encoder's output: cut, copied into segments, hashed where we do so, listed after every segment. */
function packageAll(plan: EncodingPlan, outputs: readonly Buffer[]): void {
  const cuts = outputs.map((bytes) => {
    const one = cut(bytes, 1);
    createHash('sha256').update(one.init).digest('hex');
    for (const segment of one.segments) Buffer.concat(segment.parts);
    return one;
  });
  const tracks = published(plan, cuts);
  const dates = { startedAt: new Date(0), publishedAt: new Date(0) };
  for (let n = 0; n < (cuts[0]?.segments.length ?? 0); n++) {
    hlsMultivariant(tracks);
    dashManifest(tracks, dates);
    for (const track of tracks.video) hlsMedia(track, true);
  }
}

/** Cutting into segments and writing manifests, beside the encoding of the same seconds. */
export const packaging: Measurement = {
  goals: { G6: 'CPU of packaging ÷ CPU of encoding: ≤ 0.02' },
  async run(_wanted, { runs, quick }: BenchOptions): Promise<Record<string, Figure>> {
    const file = await sample({ seconds: quick ? 6 : 60 });
    const plan = planOf(file);
    const rounds = [];
    for (let n = 0; n < runs; n++) {
      let outputs: Buffer[] = [];
      const encode = async (): Promise<number> => {
        const cost = await costOf(async () => {
          const written = await encodeChunk(plan, WHOLE, file);
          outputs = await Promise.all(written.map((one) => readFile(one.file)));
        });
        return cost.cpu;
      };
      const baseline = await encode();
      const before = process.cpuUsage();
      for (let time = 0; time < TIMES; time++) packageAll(plan, outputs);
      const { user, system } = process.cpuUsage(before);
      const ours = (user + system) / 1e6 / TIMES;
      rounds.push({ ours, baseline, again: await encode() });
    }
    return { G6: figureOf(rounds, (ratio) => ratio <= 0.02, { cpuSeconds: rounds }) };
  },
};
