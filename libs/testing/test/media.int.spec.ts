import { readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import {
  decode,
  ffmpeg,
  frameHashes,
  freshDir,
  judgeDash,
  judgeHls,
  loudness,
  media,
  probe,
  soundDelayMs,
} from '../src';

jest.setTimeout(180_000);

const summary = async (file: string) => {
  const { streams, format } = await probe(file);
  return {
    codecs: streams.map((s) => s.codec_name).join('+'),
    size: `${streams[0]?.width}x${streams[0]?.height}`,
    seconds: Math.round(Number(format.duration ?? 0)),
  };
};

describe('generated media', () => {
  it.each([
    ['mp4', () => media.mp4(), 'h264+aac', '320x180'],
    ['movPcm', () => media.movPcm(), 'h264+pcm_s16le', '320x180'],
    ['mpeg2', () => media.mpeg2(), 'mpeg2video', '320x180'],
    ['webmVp8', () => media.webmVp8(), 'vp8+opus', '320x180'],
    ['webmVp9', () => media.webmVp9(), 'vp9+opus', '320x180'],
    ['portrait', () => media.portrait(), 'h264+aac', '180x320'],
    ['oddSize', () => media.oddSize(), 'h264+aac', '319x181'],
    ['rotated', () => media.rotated(), 'h264+aac', '320x180'],
    ['anamorphic', () => media.anamorphic(), 'h264+aac', '240x180'],
    ['vfr', () => media.vfr(), 'h264+aac', '320x180'],
    ['twoAudioTracks', () => media.twoAudioTracks(), 'h264+aac+aac', '320x180'],
  ])('%s', async (_name, make, codecs, size) => {
    const file = await make();
    expect(await summary(file)).toEqual({ codecs, size, seconds: 4 });
    expect(await make()).toBe(file);
  });

  it('makes the bad ones bad in the way they say', async () => {
    const [whole, part] = [await media.mp4({ seconds: 6 }), await media.truncated()];
    expect(statSync(part).size).toBeLessThan(statSync(whole).size * 0.6);
    expect((await decode(part)).frames).toBeLessThan(180);
    expect((await probe(await media.manyAudioTracks())).streams).toHaveLength(301);
    expect((await probe(await media.soundOnly())).streams.map((s) => s.codec_type)).toEqual(['audio']);
    await expect(probe(await media.text())).rejects.toThrow();
    await expect(probe(await media.empty())).rejects.toThrow();
    const rotation = JSON.stringify(await probe(await media.rotated()));
    expect(rotation).toMatch(/"rotation":-?90/);
    const hugeFile = await media.huge(4_000);
    expect((await probe(hugeFile)).streams[0]).toMatchObject({ width: 4_000, height: 4_000 });
  });
});

describe('the judge', () => {
  it('counts what decodes', async () => {
    const verdict = await decode(await media.mp4());
    expect(verdict).toMatchObject({ kind: 'video', frames: 120, width: 320, height: 180, codec: 'h264', errors: [] });
    expect(verdict.endMs).toBeCloseTo(4_000, -2);
    expect(new Set(await frameHashes(await media.mp4())).size).toBe(120);
    expect(await loudness(await media.mp4())).toBeLessThan(-5);
  });

  it('hears that sound and picture belong together, and when they do not', async () => {
    const file = await media.flashAndBeep();
    expect(Math.abs(await soundDelayMs(file))).toBeLessThan(45);
    const late = path.join(freshDir(), 'late.mp4');
    await ffmpeg(['-i', file, '-itsoffset', '0.2', '-i', file, '-map', '0:v', '-map', '1:a', '-c', 'copy', late]);
    expect(await soundDelayMs(late)).toBeGreaterThan(150);
  });

  it('decodes HLS and DASH by URL, every rung', async () => {
    const folder = freshDir();
    const source = await media.mp4();
    const ladder = [
      '-map',
      '0:v',
      '-map',
      '0:v',
      '-map',
      '0:a',
      '-s:v:0',
      '320x180',
      '-s:v:1',
      '160x90',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-g',
      '60',
      '-c:a',
      'aac',
    ];
    await ffmpeg([
      '-i',
      source,
      ...ladder,
      '-f',
      'dash',
      '-seg_duration',
      '2',
      '-hls_playlist',
      '1',
      '-adaptation_sets',
      'id=0,streams=v id=1,streams=a',
      path.join(folder, 'manifest.mpd'),
    ]);
    const server = await serve(folder);
    const address = server.address();
    const base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const hls = await judgeHls(`${base}/master.m3u8`);
    expect(hls.rungs.map((rung) => [rung.decoded.width, rung.decoded.frames, rung.decoded.errors.length])).toEqual([
      [320, 120, 0],
      [160, 120, 0],
    ]);
    expect(hls.audio.map(({ decoded }) => Math.round(decoded.endMs / 1000))).toEqual([4]);
    const dash = await judgeDash(`${base}/manifest.mpd`);
    expect(dash.map((rep) => [rep.kind, rep.decoded.frames > 100])).toEqual([
      ['video', true],
      ['video', true],
      ['audio', true],
    ]);
    server.close();
  });
});

function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    try {
      response.end(readFileSync(path.join(folder, new URL(request.url ?? '/', 'http://x').pathname)));
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
