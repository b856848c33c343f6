import { type EncodingPlan, middleRung, planBeginning } from '@kinora/media';
import { DiskStore } from '@kinora/storage';
import { freshDir, makeMedia } from '@kinora/testing';
import { createReadStream, statSync } from 'node:fs';
import { createFfmpeg } from '../src/adapters/ffmpeg/ffmpeg';
import { createSources } from '../src/adapters/source/sources';
import { createBeginnings } from '../src/domain/beginnings';
import { encodeAudio } from '../src/domain/encode-audio';
import { encodeBeginning } from '../src/domain/encode-beginning';
import { type EncodeDeps, type MediaStore } from '../src/domain/ports';
import { planOf } from './harness';

jest.setTimeout(120_000);

const SECONDS = 24;
const sound = (name: string, ...codec: string[]): Promise<string> =>
  makeMedia({
    name,
    args: [
      ...['-f', 'lavfi', '-i', `testsrc2=s=320x180:r=25:d=${SECONDS}`],
      ...['-f', 'lavfi', '-i', `aevalsrc='0.5*sin(2*PI*(300+40*t)*t)':s=44100:d=${SECONDS}`],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', ...codec],
    ],
  });

/** A store that remembers every write, in order. */
function recording(file: string) {
  const written: { key: string; bytes: Buffer }[] = [];
  const deps: EncodeDeps = {
    ffmpeg: createFfmpeg({ program: 'ffmpeg', maxMemoryBytes: 2 * 1024 ** 3 }),
    store: {
      source: async () => ({ input: { kind: 'file', path: file }, version: String(statSync(file).size) }),
      async put(key, bytes) {
        written.push({ key, bytes: Buffer.from(bytes) });
      },
      putNew: async () => true,
      get: async () => undefined,
    },
    reports: { send: async () => 'accepted' },
    beginnings: createBeginnings(),
    refuse: (code) => new Error(code),
    build: async () => 'build',
    // With more, x264's buffer model looks at how far the other threads have come: no two runs need give the same bytes.
    threads: 1,
    cores: 2,
    warn: () => undefined,
  };
  return { deps, written };
}

const jobOf = (plan: EncodingPlan) => ({
  ...{ videoId: 'vid_1', encodingId: 'enc_1', sourceKey: 'source', fence: 1, audioIndex: 0 },
  plan: planBeginning(plan),
});
const RUN = { id: 'job', attempt: 1, signal: new AbortController().signal };

it.each([
  ['AAC behind an edit list', () => sound('sound-first-aac.mp4', '-c:a', 'aac', '-ac', '2')],
  ['MP3 in one channel', () => sound('sound-first-mp3.mkv', '-c:a', 'libmp3lame', '-ac', '1')],
])('makes the first segment of the sound, with the bytes that the whole track has there: %s', async (_, make) => {
  const file = await make();
  const { deps, written } = recording(file);
  const job = jobOf(await planOf(file));
  const ofSound = () => written.filter(({ key }) => key.includes('/a0/'));

  const { tracks: begun } = await encodeBeginning(deps)(job, RUN);
  expect(begun.map(({ renditionId }) => renditionId)).toEqual([middleRung(job.plan.rungs).id, 'a0']);
  expect(begun.map(({ segments }) => segments.map(({ number }) => number))).toEqual([[1, 2], [1]]);
  const first = ofSound();
  expect(first).toHaveLength(2);

  const { durationMs, tracks } = await encodeAudio(deps)(job, RUN);
  expect(durationMs).toBeGreaterThanOrEqual(SECONDS * 1000);
  const again = ofSound().slice(first.length);
  expect(again).toHaveLength((tracks[0]?.segments.length ?? 0) + 1);
  for (const { key, bytes } of first)
    expect(again.filter((other) => other.key === key).map((other) => other.bytes.equals(bytes))).toEqual([true]);
});

it.each([
  ['a copy', true],
  ['an address', false],
])('makes the same bytes of %s of the beginning as of the source', async (_, isFile) => {
  const file = await sound('sound-first-aac.mp4', '-c:a', 'aac', '-ac', '2');
  const plan = await planOf(file);
  const plain = recording(file);
  await encodeBeginning(plain.deps)(jobOf(plan), RUN);

  const raw = new DiskStore({
    ...{ name: 'raw', root: freshDir('raw'), publicUrl: 'http://localhost', signingKey: 'k'.repeat(32) },
  });
  const { key, etag, size } = await raw.put('source', createReadStream(file), { contentType: 'video/mp4' });
  const sources = createSources({ store: raw, scratch: freshDir('scratch'), maxBytes: 1 << 30, leastSaved: 1 });
  const short = recording(file);
  const asked: (number | undefined)[] = [];
  const source: MediaStore['source'] = async (_key, seconds) => {
    asked.push(seconds);
    const lent = await sources.beginningOf({ key, etag, size }, seconds ?? Number.NaN, isFile);
    if (lent?.input.kind !== (isFile ? 'file' : 'url')) throw new Error('not cut short');
    return { ...lent, version: String(size) };
  };
  try {
    await encodeBeginning({ ...short.deps, store: { ...short.deps.store, source } })(jobOf(plan), RUN);
  } finally {
    await sources.close();
  }
  expect(asked).toEqual([6]);
  const bySegment = ({ written }: typeof plain) =>
    new Map(written.map((one) => [one.key, one.bytes.toString('base64')]));
  expect(bySegment(short)).toEqual(bySegment(plain));
});

it('stops the picture when the sound can not be made', async () => {
  const file = await sound('sound-first-aac.mp4', '-c:a', 'aac', '-ac', '2');
  const { deps } = recording(file);
  const ended: string[] = [];
  const failing: EncodeDeps = {
    ...deps,
    ffmpeg: {
      run: async (run) => {
        if (!run.args.includes('-vn')) return deps.ffmpeg.run(run).finally(() => ended.push('picture'));
        ended.push('sound');
        return { exitCode: 1, stderr: 'no such codec' };
      },
    },
  };
  await expect(encodeBeginning(failing)(jobOf(await planOf(file)), RUN)).rejects.toThrow('source.unreadable');
  expect(ended).toEqual(['sound', 'picture']);
});
