import { displayMatrix, ffprobeAudio, ffprobeOutput, ffprobeVideo } from '../fixtures/ffprobe';
import { acceptSource } from './accept-source';
import { parseProbe } from './parse-probe';

const video = (fields: Record<string, unknown>) => parseProbe(ffprobeOutput([ffprobeVideo(fields)])).video;

describe('parseProbe', () => {
  it('reads an ordinary file', () => {
    const probe = parseProbe(ffprobeOutput([ffprobeVideo(), ffprobeAudio()]));
    expect(probe).toMatchObject({
      durationMs: 60_000,
      durationOf: 'video',
      bytes: 1_000_000,
      streams: { total: 2, video: 1, audio: 1, other: 0 },
    });
    expect(probe.video).toMatchObject({
      codec: 'h264',
      displayWidth: 1920,
      displayHeight: 1080,
      averageRate: { num: 25, den: 1 },
      interlaced: false,
      hdr: false,
    });
    expect(probe.audio).toEqual([
      expect.objectContaining({ index: 1, channels: 2, sampleRate: 48_000, language: 'eng' }),
    ]);
    expect(acceptSource(probe)).toMatchObject({ ok: true });
  });

  it.each([
    ['a phone held upright', displayMatrix(-90, [0, 1, -1, 0]), ['clock'], 1080, 1920],
    ['upside down', displayMatrix(180, [-1, 0, 0, -1]), ['hflip', 'vflip'], 1920, 1080],
    ['turned left', displayMatrix(90, [0, -1, 1, 0]), ['cclock'], 1080, 1920],
    ['mirrored', displayMatrix(-180, [-1, 0, 0, 1]), ['hflip'], 1920, 1080],
    ['mirrored and upright', displayMatrix(-90, [0, 1, 1, 0]), ['cclock_flip'], 1080, 1920],
    ['upside down by a flip', displayMatrix(0, [1, 0, 0, -1]), ['vflip'], 1920, 1080],
    ['at an angle that nobody films in', displayMatrix(-45, [0.7, 0.7, -0.7, 0.7]), [], 1920, 1080],
    ['turned by a tag of old files', { tags: { rotate: '90' } }, ['clock'], 1080, 1920],
  ])('turns a picture %s', (_, fields, orientation, displayWidth, displayHeight) => {
    expect(video(fields)).toMatchObject({ orientation, displayWidth, displayHeight });
  });

  it.each([
    ['PAL wide', { width: 720, height: 576, sample_aspect_ratio: '64:45' }, 1024, 576],
    ['HDV', { width: 1440, height: 1080, sample_aspect_ratio: '4:3' }, 1920, 1080],
    ['NTSC', { width: 720, height: 480, sample_aspect_ratio: '8:9' }, 640, 480],
    [
      'HDV held upright',
      { width: 1440, height: 1080, sample_aspect_ratio: '4:3', ...displayMatrix(-90, [0, 1, -1, 0]) },
      1080,
      1920,
    ],
    ['an unknown pixel aspect', { sample_aspect_ratio: '0:1' }, 1920, 1080],
    ['an absurd pixel aspect', { sample_aspect_ratio: '1:10000' }, 1920, 1080],
  ])('squares the pixels of %s', (_, fields, displayWidth, displayHeight) => {
    expect(video(fields)).toMatchObject({ displayWidth, displayHeight });
  });

  it('knows interlacing, depth, range and high dynamic range', () => {
    expect(video({ field_order: 'tt' })).toMatchObject({ interlaced: true });
    expect(video({ pix_fmt: 'yuv422p10le', bits_per_raw_sample: undefined })).toMatchObject({ bitDepth: 10 });
    expect(video({ pix_fmt: 'yuvj420p', color_range: undefined })).toMatchObject({ colour: { range: 'pc' } });
    expect(video({ color_transfer: 'smpte2084' })).toMatchObject({ hdr: 'pq' });
    expect(video({ color_transfer: 'arib-std-b67' })).toMatchObject({ hdr: 'hlg' });
  });

  it('does not take cover art for a video', () => {
    const cover = ffprobeVideo({ index: 1, codec_name: 'mjpeg', disposition: { attached_pic: 1 } });
    const probe = parseProbe(ffprobeOutput([ffprobeAudio({ index: 0 }), cover]));
    expect(probe.video).toBeUndefined();
    expect(probe.streams).toEqual({ total: 2, video: 0, audio: 1, other: 1 });
    expect(acceptSource(probe)).toMatchObject({ ok: false, refusal: { code: 'source.no_video' } });
  });

  it('takes the default of several videos, else the largest', () => {
    const small = ffprobeVideo({ index: 0, width: 320, height: 180, disposition: { default: 0 } });
    const large = ffprobeVideo({ index: 2, disposition: { default: 0 } });
    expect(parseProbe(ffprobeOutput([small, large])).video?.index).toBe(2);
    expect(parseProbe(ffprobeOutput([{ ...small, disposition: { default: 1 } }, large])).video?.index).toBe(0);
  });

  it('believes the video about its length rather than the file, and reads Matroska’s tags', () => {
    expect(parseProbe(ffprobeOutput([ffprobeVideo()], { duration: '2147483.0' })).durationMs).toBe(60_000);
    const tagged = ffprobeVideo({ duration: undefined, tags: { DURATION: '00:01:02.500000000' } });
    expect(parseProbe(ffprobeOutput([tagged]))).toMatchObject({ durationMs: 62_500, durationOf: 'video' });
    const untold = ffprobeVideo({ duration: undefined });
    expect(parseProbe(ffprobeOutput([untold, ffprobeAudio()]))).toMatchObject({
      durationMs: 60_010,
      durationOf: 'file',
    });
    expect(parseProbe(ffprobeOutput([untold], { duration: undefined })).durationMs).toBeUndefined();
  });

  it('throws on what ffprobe never prints', () => {
    expect(() => parseProbe('')).toThrow();
    expect(() => parseProbe('{}')).toThrow();
  });
});

describe('acceptSource', () => {
  const refused = (streams: Record<string, unknown>[], format?: Record<string, unknown>, messages?: string) => {
    const verdict = acceptSource(parseProbe(ffprobeOutput(streams, format), messages));
    return verdict.ok ? undefined : verdict.refusal.code;
  };
  const many = Array.from({ length: 300 }, (_, n) => ffprobeAudio({ index: n + 1 }));

  it.each([
    ['source.too_large', [ffprobeVideo({ width: 16_000, height: 16_000 })], undefined, undefined],
    [
      'source.too_large',
      [ffprobeVideo({ width: 0, height: 0 })],
      undefined,
      'Picture size 16000x16000 exceeds specified max pixel count',
    ],
    ['source.too_many_streams', [ffprobeVideo(), ...many], undefined, undefined],
    ['source.no_video', [ffprobeAudio()], undefined, undefined],
    ['source.too_long', [ffprobeVideo({ duration: '90000' })], undefined, undefined],
    ['source.unreadable', [ffprobeVideo({ width: 0, height: 0 })], undefined, undefined],
    ['source.unsupported_codec', [ffprobeVideo({ codec_name: 'unknown' })], undefined, undefined],
    ['source.empty', [], { size: '0' }, undefined],
  ])('says %s', (code, streams, format, messages) => {
    expect(refused(streams, format, messages)).toBe(code);
  });
});
