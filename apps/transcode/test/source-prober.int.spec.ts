import { DiskStore } from '@kinora/storage';
import { freshDir, media } from '@kinora/testing';
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { createSourceProber } from '../src/adapters/ffprobe/source-prober';

jest.setTimeout(120_000);

const store = new DiskStore({
  name: 'raw',
  root: freshDir('kinora-raw'),
  publicUrl: 'http://localhost',
  signingKey: 'k'.repeat(32),
});
const prober = createSourceProber(store, { program: 'ffprobe', searchPath: process.env['PATH'] ?? '' });

async function examine(file: string) {
  const key = 'sources/one';
  await store.put(key, createReadStream(file), { contentType: 'video/mp4' });
  return prober.examine(key);
}

describe('whole sources are never taken for truncated ones', () => {
  it.each([
    ['mp4', () => media.mp4()],
    ['mov with PCM', () => media.movPcm()],
    ['MPEG-2', () => media.mpeg2()],
    ['WebM VP8', () => media.webmVp8()],
    ['WebM of a recorder, without a duration', () => media.webmVp8({ live: true })],
    ['WebM VP9', () => media.webmVp9()],
    ['portrait', () => media.portrait()],
    ['odd size', () => media.oddSize()],
    ['rotated', () => media.rotated()],
    ['anamorphic', () => media.anamorphic()],
    ['variable frame rate', () => media.vfr()],
    ['two audio tracks', () => media.twoAudioTracks()],
    ['one frame a second', () => media.mp4({ fps: 1 })],
  ])('%s', async (_name, make) => {
    const examined = await examine(await make());
    expect(examined).toMatchObject({ ok: true });
    if (examined.ok) expect(Math.abs((examined.probe.durationMs ?? 0) - 4000)).toBeLessThan(300);
  });
});

it('says what is missing', async () => {
  expect(await prober.examine('sources/nowhere')).toMatchObject({ ok: false, refusal: { code: 'source.missing' } });
});

it('makes no request to an address in a playlist that calls itself a video', async () => {
  let requests = 0;
  const canary = createServer((_req, res) => {
    requests += 1;
    res.end();
  });
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  const { port } = canary.address() as AddressInfo;
  const lists = [
    `#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\nhttp://127.0.0.1:${port}/a.ts\n#EXT-X-ENDLIST\n`,
    `ffconcat version 1.0\nfile http://127.0.0.1:${port}/a.mp4\n`,
    '#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n',
  ];
  for (const list of lists) {
    await store.put('sources/list', Buffer.from(list), { contentType: 'video/mp4' });
    const examined = await prober.examine('sources/list');
    expect(examined.ok ? 'accepted' : examined.refusal.code).toMatch(/^source\.(unsupported_format|not_media)$/);
  }
  expect(requests).toBe(0);
  await new Promise((resolve) => canary.close(resolve));
});

it('stops when it is told to', async () => {
  await store.put('sources/stopped', createReadStream(await media.mp4()), { contentType: 'video/mp4' });
  await expect(prober.examine('sources/stopped', AbortSignal.abort())).rejects.toThrow();
});

it('does not blame the file when the tool is not there', async () => {
  const broken = createSourceProber(store, { program: 'no-such-ffprobe', searchPath: '' });
  await store.put('sources/two', createReadStream(await media.mp4()), { contentType: 'video/mp4' });
  await expect(broken.examine('sources/two')).rejects.toThrow('did not start');
});
