import { audioArguments } from '@kinora/media';
import { freshDir, makeMedia } from '@kinora/testing';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { WHOLE, chunkedPlan, encodeChunks, seamSources, stitch } from './seams';

jest.setTimeout(300_000);

const ffmpeg = (args: readonly string[]) => promisify(execFile)('ffmpeg', args, { maxBuffer: 64 << 20 });

/** Similarity to the source of every frame of a file. */
async function similarity(file: string, source: string): Promise<number[]> {
  const stats = path.join(freshDir('ssim'), 'stats');
  const graph = `[1:v:0]format=yuv420p[s];[0:v:0][s]ssim=stats_file=${stats}`;
  await ffmpeg(['-v', 'error', '-i', file, '-i', source, '-filter_complex', graph, '-f', 'null', '-']);
  const lines = (await readFile(stats, 'utf8')).trim().split('\n');
  return lines.map((line) => Number(/All:([\d.]+)/.exec(line)?.[1]));
}

const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;

it('looks at seams as it does elsewhere, and as in one piece', async () => {
  const file = await seamSources.cfr25();
  const plan = await chunkedPlan(file, 7);
  const [top] = plan.rungs;
  const chunked = await encodeChunks(plan, plan.chunks, file, { lossy: true });
  const whole = await encodeChunks(plan, [WHOLE], file, { lossy: true });
  const [parts, one] = [chunked.get(top?.id ?? ''), whole.get(top?.id ?? '')];
  if (!parts || !one) throw new Error('nothing was encoded');
  const [ours, theirs] = [await similarity(await stitch(parts), file), await similarity(await stitch(one), file)];
  expect(ours).toHaveLength(theirs.length);
  expect(mean(theirs) - mean(ours)).toBeLessThanOrEqual(0.001);
  const seams = plan.chunks.map((chunk) => chunk.endFrame).filter((frame) => frame !== null);
  expect(seams.length).toBeGreaterThan(2);
  for (const seam of seams)
    for (const frame of ours.slice(seam - 5, seam + 5)) expect(mean(ours) - frame).toBeLessThanOrEqual(0.01);
});

/** When each flash and each beep ends, in seconds of the file's own clock: without -copyts, ffmpeg counts from its first packet, the encoder's priming. */
async function ends(picture: string, sound: string): Promise<{ flashes: number[]; beeps: number[] }> {
  const said = async (file: string, ...filter: string[]) =>
    (await ffmpeg(['-nostats', '-copyts', '-i', file, ...filter, '-f', 'null', '-'])).stderr;
  const times = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => Number(match[1]));
  const dark = await said(picture, '-an', '-vf', 'blackdetect=d=0.2:pix_th=0.3');
  const quiet = await said(sound, '-vn', '-af', 'silencedetect=n=-30dB:d=0.2');
  return { flashes: times(dark, /black_start:([\d.]+)/g), beeps: times(quiet, /silence_start: ([\d.]+)/g) };
}

it('keeps picture and sound together, to 20 ms, to the end of ten minutes', async () => {
  const seconds = 600;
  const tenth = 'lt(mod(t,1),0.1)';
  const file = await makeMedia({
    name: `flash-and-beep-${seconds}.mp4`,
    args: [
      ...[
        '-f',
        'lavfi',
        '-i',
        `color=black:s=128x72:r=30000/1001:d=${seconds},drawbox=enable='${tenth}':c=white:t=fill`,
      ],
      ...['-f', 'lavfi', '-i', `aevalsrc='if(${tenth},0.8*sin(2*PI*1000*t),0)':s=48000:d=${seconds}`],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '300', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
    ],
  });
  const plan = await chunkedPlan(file, 20, 2);
  expect(plan.chunks.length).toBeGreaterThan(25);
  const [track] = plan.audio;
  const encoded = (await encodeChunks(plan, plan.chunks, file, { lossy: true })).get(plan.rungs[0]?.id ?? '');
  if (!encoded || !track) throw new Error('nothing was encoded');
  expect(encoded.segments.reduce((sum, { samples }) => sum + samples, 0)).toBe(17_983);
  const sound = path.join(freshDir('sync'), 'a0.mp4');
  const args = audioArguments(plan, track, { kind: 'file', path: file });
  await ffmpeg(args.map((arg) => (arg === 'pipe:3' ? sound : arg)));

  const source = await ends(file, file);
  const ours = await ends(await stitch(encoded), sound);
  expect(source.flashes.length).toBeGreaterThan(590);
  expect([ours.flashes.length, ours.beeps.length]).toEqual([source.flashes.length, source.beeps.length]);
  const apart = ({ flashes, beeps }: typeof source) =>
    flashes.slice(-10).map((flash, n) => (beeps.slice(-10)[n] ?? Number.NaN) - flash);
  const before = apart(source);
  for (const [n, after] of apart(ours).entries())
    expect(Math.abs(after - (before[n] ?? Number.NaN))).toBeLessThanOrEqual(0.02);
});
