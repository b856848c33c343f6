import { shortIndex } from '@kinora/media';
import { DiskStore } from '@kinora/storage';
import { freshDir, makeMedia } from '@kinora/testing';
import { execFile } from 'node:child_process';
import { createReadStream, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { createSources } from '../src/adapters/source/sources';

jest.setTimeout(120_000);

const VIDEO = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=50:d=400'];
const SOUND = ['-f', 'lavfi', '-i', 'sine=r=44100:d=400'];
const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
/** So many seconds are looked at. */
const LOOK = 8;
const CUT = LOOK;

const make = (name: string, ...args: string[]): Promise<string> => makeMedia({ name: `short-index-${name}`, args });
const kinds: Record<string, () => Promise<string>> = {
  'B-frames and AAC, index behind the media': () =>
    make('b.mp4', ...VIDEO, ...SOUND, ...X264, '-bf', '3', '-c:a', 'aac', '-ac', '1'),
  'index before the media': () =>
    make('fast.mp4', ...VIDEO, ...SOUND, ...X264, '-bf', '2', '-c:a', 'aac', '-movflags', '+faststart'),
  'open groups of pictures': () =>
    make('open.mp4', ...VIDEO, ...X264, '-bf', '2', '-x264-params', 'open-gop=1:keyint=50:bframes=3'),
  'an edit list that hides a second and a half': async () => {
    const whole = await make('b.mp4', ...VIDEO, ...SOUND, ...X264, '-bf', '3', '-c:a', 'aac', '-ac', '1');
    return make('cut.mp4', '-ss', '1.5', '-i', whole, '-c', 'copy', '-map', '0');
  },
  'a frame rate that varies': () =>
    make('vfr.mp4', ...VIDEO, ...X264, '-vf', "select='mod(n,7)*mod(n,3)',setpts=PTS+0.3*random(0)/TB/50", '-fps_mode', 'vfr', '-bf', '2'), // prettier-ignore
  'a pause over the end': () =>
    make('pause.mp4', ...VIDEO, ...X264, '-vf', 'select=not(between(t\\,7.5\\,10.5))', '-fps_mode', 'vfr', '-bf', '3'), // prettier-ignore
  'QuickTime with PCM': () => make('pcm.mov', ...VIDEO, ...SOUND, ...X264, '-bf', '0', '-c:a', 'pcm_s16le'),
  'sound that begins later': () =>
    make('late.mp4', ...VIDEO, '-itsoffset', '0.7', ...SOUND, ...X264, '-bf', '1', '-c:a', 'aac'),
};

async function served(file: string, isFile: boolean, scratch = freshDir('scratch')) {
  const root = {
    name: 'raw' as const,
    root: freshDir('raw'),
    publicUrl: 'http://localhost',
    signingKey: 'k'.repeat(32),
  };
  const store = new DiskStore(root);
  const { key, etag, size } = await store.put('sources/one', createReadStream(file), { contentType: 'video/mp4' });
  let fetched = 0;
  const onBytes = (count: number): void => void (fetched += count);
  const sources = createSources({ store, scratch, maxBytes: 1 << 30, onBytes });
  const lent = await sources.beginningOf({ key, etag, size }, CUT, isFile);
  const input = lent?.input;
  return {
    ...{ kind: input?.kind, size, lent, fetched: () => fetched },
    address: input?.kind === 'url' ? input.url : input?.kind === 'file' ? input.path : '',
    [Symbol.asyncDispose]: () => sources.close(),
  };
}

const run = async (program: string, args: readonly string[]): Promise<string> =>
  (await promisify(execFile)(program, args, { maxBuffer: 1 << 26 })).stdout;

/** Everything that ffmpeg finds in the first seconds: packets with their times, and what they decode to. */
async function seen(input: string): Promise<string[]> {
  const packets = await run('ffprobe', [
    ...['-v', 'error', '-read_intervals', `%${LOOK}`, '-show_entries'],
    ...['packet=stream_index,pts,dts,duration,size,flags,pos', '-of', 'csv=p=0', input],
  ]);
  const until = ['-t', String(LOOK), '-f', 'framemd5', '-'];
  const frames = await run('ffmpeg', ['-v', 'error', '-i', input, ...until]);
  const evened = await run('ffmpeg', ['-v', 'error', '-i', input, '-an', '-vf', 'fps=25', ...until]);
  return [packets, frames, evened];
}

describe.each([
  ['a copy', true, 'file'],
  ['an address', false, 'url'],
])('%s of the beginning', (_, isFile, kind) => {
  it.each(Object.keys(kinds))('has the first seconds as they were: %s', async (name) => {
    const file = await kinds[name]?.();
    if (file === undefined) throw new Error('no such kind');
    await using look = await served(file, isFile);
    expect(look.kind).toBe(kind);
    expect(await seen(look.address)).toEqual(await seen(file));
  });
});

/** The bytes with a box added at the end of another, for which everything behind it must be without offsets. */
function withBox(bytes: Buffer, [type, ...path]: readonly string[], box: Buffer): Buffer {
  if (type === undefined) return Buffer.concat([bytes, box]);
  const at = bytes.indexOf(type, 0, 'latin1') - 4;
  const end = at + bytes.readUInt32BE(at);
  const body = withBox(bytes.subarray(at + 8, end), path, box);
  const header = Buffer.from(bytes.subarray(at, at + 8));
  header.writeUInt32BE(8 + body.byteLength);
  return Buffer.concat([bytes.subarray(0, at), header, body, bytes.subarray(end)]);
}

/** How far offsets go below zero in all of the file (ISO/IEC 14496-12 §8.6.1.4), for a file that does not say so. */
async function withLeastOffset(file: string, least: number): Promise<string> {
  const cslg = Buffer.alloc(32);
  cslg.writeUInt32BE(32);
  cslg.write('cslg', 4);
  cslg.writeInt32BE(-least, 12);
  cslg.writeInt32BE(least, 16);
  const said = path.join(freshDir('cslg'), 'said.mp4');
  writeFileSync(said, withBox(readFileSync(file), ['moov', 'trak', 'mdia', 'minf', 'stbl'], cslg));
  return said;
}

it('trusts offsets below zero when the file says how far they go', async () => {
  const file = await make('below.mp4', ...VIDEO, ...X264, '-bf', '2', '-movflags', 'negative_cts_offsets');
  // In ticks of the track, 12800 a second: a frame is 256.
  const [right, lower] = [await withLeastOffset(file, -256), await withLeastOffset(file, -512)];
  for (const unsure of [file, lower]) {
    await using look = await served(unsure, true);
    expect(look.kind).toBeUndefined();
  }
  await using look = await served(right, true);
  expect(look.kind).toBe('file');
  expect(await seen(look.address)).toEqual(await seen(right));
});

it('copies what the first seconds need and no more, and takes the copy away', async () => {
  const file = await kinds['index before the media']?.();
  if (file === undefined) throw new Error('no such kind');
  await using look = await served(file, true);
  // A fiftieth of the media, and of the index.
  expect(look.fetched()).toBeLessThan(look.size / 20);
  expect(512 * statSync(look.address).blocks).toBeLessThan(look.size / 10);
  await look.lent?.release();
  expect(existsSync(look.address)).toBe(false);
});

it('reads the source itself where a copy finds no room', async () => {
  const file = await kinds['index before the media']?.();
  if (file === undefined) throw new Error('no such kind');
  await using look = await served(file, true, '/dev/full');
  expect(look.kind).toBe('url');
});

describe('shortIndex', () => {
  const cut = (bytes: Uint8Array, seconds = CUT) =>
    shortIndex(async (start, length) => bytes.subarray(start, start + length), bytes.byteLength, seconds);
  const boxAt = (bytes: Buffer, type: string): number => bytes.indexOf(type, 0, 'latin1') - 4;

  it('leaves alone what it can not be sure of', async () => {
    const whole = readFileSync((await kinds['index before the media']?.()) ?? '');
    const changed = (change: (bytes: Buffer) => void): Buffer => {
      const bytes = Buffer.from(whole);
      change(bytes);
      return bytes;
    };
    expect((await cut(whole))?.spans).toBeDefined();
    // Offsets may be below zero further on, and nobody says how far: only the sound is cut.
    const ctts = boxAt(whole, 'ctts');
    const ofSound = await cut(changed((bytes) => bytes.writeUInt8(1, ctts + 8)));
    expect(ofSound?.patches.some(({ at }) => at === ctts)).toBe(false);
    expect(ofSound?.spans).toBeUndefined();
    expect(await cut(changed((bytes) => bytes.write('moof', boxAt(bytes, 'moov') + 4)))).toBeUndefined();
    expect(await cut(changed((bytes) => bytes.writeUInt32BE(7, boxAt(bytes, 'trak'))))).toBeUndefined();
    expect(await cut(whole.subarray(0, 4_000))).toBeUndefined();
    expect(await cut(whole, 10_000)).toBeUndefined();
  });
});
