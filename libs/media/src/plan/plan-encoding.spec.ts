import { ffprobeAudio, ffprobeOutput, ffprobeVideo } from '../fixtures/ffprobe';
import { parseProbe } from '../probe/parse-probe';
import { EncodingPlan } from './encoding-plan';
import { planEncoding } from './plan-encoding';

const planOf = (streams: Record<string, unknown>[], format?: Record<string, unknown>, options = {}) =>
  planEncoding(parseProbe(ffprobeOutput(streams, format)), options);

describe('planEncoding', () => {
  it('survives a job payload', () => {
    const plan = planOf([ffprobeVideo(), ffprobeAudio()]);
    expect(EncodingPlan.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
    expect(plan).toMatchObject({
      durationMs: 60_000,
      expectedFrames: 1500,
      gopFrames: 50,
      durationIsOfVideo: true,
      poster: { atMs: 6000, width: 1280, height: 720 },
    });
  });

  it('keeps the languages, names the tracks apart and takes eight at most', () => {
    const tracks = [
      ffprobeAudio({ index: 1, tags: { language: 'eng' }, disposition: {} }),
      ffprobeAudio({ index: 2, tags: { language: 'eng' }, disposition: {} }),
      ffprobeAudio({ index: 3, tags: { language: 'und', title: 'Director' }, disposition: { default: 1 } }),
      ffprobeAudio({ index: 4, codec_name: 'none' }),
      ...Array.from({ length: 20 }, (_, n) => ffprobeAudio({ index: 5 + n, tags: {}, disposition: {} })),
    ];
    const { audio } = planOf([ffprobeVideo(), ...tracks]);
    expect(audio.map((track) => track.name)).toEqual([
      'English',
      'English (2)',
      'Director',
      'Audio 4',
      'Audio 5',
      'Audio 6',
      'Audio 7',
      'Audio 8',
    ]);
    expect(audio.map((track) => track.id)).toEqual(['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7']);
    expect(audio.filter((track) => track.isDefault).map((track) => track.id)).toEqual(['a2']);
    expect(audio[3]?.streamIndex).toBe(5);
  });

  it('works without sound and without a length', () => {
    const plan = planOf([ffprobeVideo({ duration: undefined })], { duration: undefined, format_name: 'matroska,webm' });
    expect(plan.audio).toEqual([]);
    expect(plan).toMatchObject({ poster: { atMs: 0 }, storyboard: { intervalMs: 2000 } });
    expect(plan.durationMs).toBeUndefined();
  });

  it('starts a transport stream from its own zero, and never cuts it', () => {
    const stream = ffprobeVideo({ time_base: '1/90000', start_pts: 128_090, start_time: '1.423222' });
    const format = { format_name: 'mpegts', start_time: '1.400000' };
    expect(planOf([stream], format, { targetFrames: 100 })).toMatchObject({
      source: { timing: 'rebased', startTicks: 2090 },
      chunks: [{ endFrame: null }],
    });
    expect(planOf([stream], {}, { targetFrames: 100 }).source).toMatchObject({
      timing: 'absolute',
      startTicks: 128_090,
    });
    expect(planOf([stream], {}, { targetFrames: 100 }).chunks.length).toBeGreaterThan(8);
  });

  it('guesses a matrix that isn’t told as players do, and keeps previews in shape', () => {
    expect(planOf([ffprobeVideo({ color_space: undefined })]).source.colour.matrix).toBe('bt709');
    expect(planOf([ffprobeVideo({ color_space: undefined, width: 640, height: 480 })]).source.colour.matrix).toBe(
      'bt601',
    );
    expect(planOf([ffprobeVideo({ width: 1080, height: 1920, duration: '36000' })]).storyboard).toEqual({
      intervalMs: 72_000,
      columns: 10,
      rows: 10,
      tileWidth: 90,
      tileHeight: 160,
    });
  });
});
