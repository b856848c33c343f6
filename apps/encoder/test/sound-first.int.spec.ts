import { type EncodingPlan, planBeginning } from '@kinora/media';
import { makeMedia } from '@kinora/testing';
import { statSync } from 'node:fs';
import { createFfmpeg } from '../src/adapters/ffmpeg/ffmpeg';
import { createBeginnings } from '../src/domain/beginnings';
import { encodeAudio } from '../src/domain/encode-audio';
import { type EncodeDeps } from '../src/domain/ports';
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
  let heard = Promise.withResolvers<void>();
  const deps: EncodeDeps = {
    ffmpeg: createFfmpeg({ program: 'ffmpeg', maxMemoryBytes: 2 * 1024 ** 3 }),
    store: {
      source: async () => ({ input: { kind: 'file', path: file }, version: String(statSync(file).size) }),
      async put(key, bytes) {
        written.push({ key, bytes: Buffer.from(bytes) });
        heard.resolve();
        heard = Promise.withResolvers();
      },
      putNew: async () => true,
      get: async () => undefined,
    },
    reports: { send: async () => 'accepted' },
    beginnings: createBeginnings(),
    refuse: (code) => new Error(code),
    build: async () => 'build',
    threads: undefined,
    cores: 2,
    warn: () => undefined,
  };
  const until = async (enough: () => boolean): Promise<void> => {
    while (!enough()) await heard.promise;
  };
  return { deps, written, until };
}

const jobOf = (plan: EncodingPlan) => ({
  ...{ videoId: 'vid_1', encodingId: 'enc_1', sourceKey: 'source', fence: 1, audioIndex: 0 },
  plan: planBeginning(plan),
});
const RUN = { id: 'job', attempt: 1, signal: new AbortController().signal };

it.each([
  ['AAC behind an edit list', () => sound('sound-first-aac.mp4', '-c:a', 'aac', '-ac', '2')],
  ['MP3 in one channel', () => sound('sound-first-mp3.mkv', '-c:a', 'libmp3lame', '-ac', '1')],
])('first writes one segment, with the bytes that the whole track has there: %s', async (_, make) => {
  const file = await make();
  const { deps, written, until } = recording(file);
  const keys = (): string[] => written.map(({ key }) => key.split('/').slice(-1)[0] ?? '');
  const begun = Promise.withResolvers<void>();
  const beginning = deps.beginnings.during(() => begun.promise);
  const job = encodeAudio(deps)(jobOf(await planOf(file)), RUN);
  await until(() => written.length === 2);
  const first = written.slice();
  begun.resolve();
  await beginning;
  const { durationMs, tracks } = await job;
  expect(durationMs).toBeGreaterThanOrEqual(SECONDS * 1000);

  expect(keys().slice(2, 4)).toEqual(keys().slice(0, 2));
  for (const { key, bytes } of first) {
    const again = written.slice(2).filter((other) => other.key === key);
    expect(again.map((other) => other.bytes.equals(bytes))).toEqual([true]);
  }
  expect(tracks[0]?.segments[0]?.number).toBe(1);
  expect(new Set(keys()).size).toBe((tracks[0]?.segments.length ?? 0) + 2);
});
