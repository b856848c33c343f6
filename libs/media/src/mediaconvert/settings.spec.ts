import fc from 'fast-check';
import { displayMatrix, ffprobeAudio, ffprobeOutput, ffprobeVideo } from '../fixtures/ffprobe';
import { planEncoding } from '../plan/plan-encoding';
import { parseProbe } from '../probe/parse-probe';
import { mediaConvertObstacle } from './obstacle';
import { mediaConvertSettings } from './settings';

const probeOf = (streams: readonly Record<string, unknown>[], format: Record<string, unknown> = {}) =>
  parseProbe(JSON.parse(ffprobeOutput(streams, format)));
const planOf = (streams: readonly Record<string, unknown>[]) => planEncoding(probeOf(streams));
const places = { input: 's3://raw/sources/a', folder: 's3://media/media/v/e/mediaconvert/' };
const settingsOf = (...streams: Record<string, unknown>[]) => mediaConvertSettings(planOf(streams), places);
const groupOf = (settings: ReturnType<typeof settingsOf>) => {
  const [group] = settings.OutputGroups;
  const outputs = group?.Outputs ?? [];
  return {
    cmaf: group?.OutputGroupSettings.CmafGroupSettings,
    videos: outputs.flatMap((one) => ('VideoDescription' in one ? [one] : [])),
    sounds: outputs.flatMap((one) => ('AudioDescriptions' in one ? [one] : [])),
  };
};

it('is one CMAF group: six seconds a segment, an output for every rung and every audio track', () => {
  const settings = settingsOf(ffprobeVideo(), ffprobeAudio());
  const { cmaf, videos, sounds } = groupOf(settings);
  expect(settings.Inputs[0]).toMatchObject({ FileInput: places.input, VideoSelector: { Rotate: 'DEGREE_0' } });
  expect(cmaf).toMatchObject({
    ...{ Destination: 's3://media/media/v/e/mediaconvert/main', SegmentLength: 6, FragmentLength: 2 },
    ...{ SegmentControl: 'SEGMENTED_FILES', WriteHlsManifest: 'ENABLED', WriteDashManifest: 'ENABLED' },
  });
  expect(videos.map(({ NameModifier }) => NameModifier)).toEqual(['_v1080', '_v720', '_v480', '_v360', '_v240']);
  expect(sounds.map(({ NameModifier }) => NameModifier)).toEqual(['_a0']);
});

it('takes rate, keyframes, bits and profile from the plan', () => {
  const { videos } = groupOf(settingsOf(ffprobeVideo({ r_frame_rate: '30000/1001', avg_frame_rate: '30000/1001' })));
  const [first, , , small] = videos.map(({ VideoDescription }) => VideoDescription.CodecSettings.H264Settings);
  expect(first).toMatchObject({
    ...{ RateControlMode: 'QVBR', MaxBitrate: 5_000_000, QvbrSettings: { QvbrQualityLevel: 8 } },
    ...{ FramerateNumerator: 30_000, FramerateDenominator: 1001, GopSize: 60, GopSizeUnits: 'FRAMES' },
    ...{ GopClosedCadence: 1, SceneChangeDetect: 'DISABLED', CodecProfile: 'HIGH', CodecLevel: 'LEVEL_4' },
  });
  expect(small).toMatchObject({ CodecProfile: 'MAIN', QvbrSettings: { QvbrQualityLevel: 6 } });
});

it('selects audio by its number in the file, and tells its language and its name', () => {
  const settings = settingsOf(
    ffprobeVideo({ index: 1 }),
    ffprobeAudio({ index: 0, disposition: { default: 0 } }),
    ffprobeAudio({ index: 3, tags: { language: 'deu', title: 'Regie & Ton' } }),
  );
  expect(settings.Inputs[0]?.AudioSelectors).toEqual({
    'Audio Selector 1': { SelectorType: 'STREAM', Streams: [1], DefaultSelection: 'NOT_DEFAULT' },
    'Audio Selector 2': { SelectorType: 'STREAM', Streams: [4], DefaultSelection: 'DEFAULT' },
  });
  expect(groupOf(settings).sounds[1]?.AudioDescriptions[0]).toMatchObject({
    ...{ AudioSourceName: 'Audio Selector 2', CustomLanguageCode: 'deu', StreamName: 'Regie Ton' },
  });
  expect('AudioSelectors' in (settingsOf(ffprobeVideo()).Inputs[0] ?? {})).toBe(false);
});

it.each([
  ['interlaced', { field_order: 'tt' }, { Deinterlacer: { Mode: 'DEINTERLACE' } }],
  [
    'HDR',
    { color_transfer: 'smpte2084', color_space: 'bt2020nc', color_primaries: 'bt2020', pix_fmt: 'yuv420p10le' },
    { ColorCorrector: { ColorSpaceConversion: 'FORCE_709', HdrToSdrToneMapper: 'PRESERVE_DETAILS' } },
  ],
  ['full range', { color_range: 'pc' }, { ColorCorrector: { SampleRangeConversion: 'LIMITED_RANGE_SQUEEZE' } }],
  ['plain', {}, {}],
])('prepares pictures that are %s', (_, fields, expected) => {
  const [video] = groupOf(settingsOf(ffprobeVideo(fields))).videos;
  expect(video?.VideoDescription.VideoPreprocessors).toMatchObject(expected);
  expect(Object.keys(video?.VideoDescription.VideoPreprocessors ?? {})).toEqual(Object.keys(expected));
});

it.each([
  ['a quarter', displayMatrix(-90, [0, 1, -1, 0]), 'DEGREES_90'],
  ['three quarters', displayMatrix(90, [0, -1, 1, 0]), 'DEGREES_270'],
  ['half', displayMatrix(180, [-1, 0, 0, -1]), 'DEGREES_180'],
])('turns a picture by %s', (_, side, rotate) => {
  const settings = settingsOf(ffprobeVideo(side));
  expect(settings.Inputs[0]?.VideoSelector.Rotate).toBe(rotate);
});

describe('what MediaConvert can’t do', () => {
  const obstacle = (streams: Record<string, unknown>[], format: Record<string, unknown> = {}) => {
    const probe = probeOf(streams, format);
    return mediaConvertObstacle(planEncoding(probe), probe);
  };
  it.each([
    ['nothing in a plain video', [ffprobeVideo(), ffprobeAudio()], undefined],
    ['a codec', [ffprobeVideo({ codec_name: 'cinepak' })], 'video codec cinepak'],
    ['sound', [ffprobeVideo(), ffprobeAudio({ codec_name: 'adpcm_ms' })], 'audio codec adpcm_ms'],
    ['a mirrored picture', [ffprobeVideo(displayMatrix(-90, [0, 1, 1, 0]))], 'mirrored picture'],
    ['a tiny picture', [ffprobeVideo({ width: 30, height: 30 })], 'picture size'],
    ['two pictures', [ffprobeVideo(), ffprobeVideo({ index: 1 })], 'several video tracks'],
  ])('%s', (_, streams, expected) => expect(obstacle(streams)).toBe(expected));
  it('a container', () => expect(obstacle([ffprobeVideo()], { format_name: 'nut' })).toBe('container nut'));
});

it('never asks for more than the plan, whatever that is', () => {
  const source = fc.record({
    width: fc.integer({ min: 64, max: 4096 }),
    height: fc.integer({ min: 64, max: 4096 }),
    avg_frame_rate: fc.constantFrom('25/1', '30000/1001', '24/1', '60/1', '15/1', '12/1'),
    color_range: fc.constantFrom('tv', 'pc'),
    field_order: fc.constantFrom('progressive', 'tt'),
  });
  fc.assert(
    fc.property(source, fc.integer({ min: 0, max: 9 }), (fields, tracks) => {
      const sound = Array.from({ length: tracks }, (_, n) => ffprobeAudio({ index: n + 1 }));
      const plan = planOf([ffprobeVideo({ ...fields, r_frame_rate: fields.avg_frame_rate }), ...sound]);
      const settings = mediaConvertSettings(plan, places);
      const { videos, sounds } = groupOf(settings);
      const names = [...videos, ...sounds].map(({ NameModifier }) => NameModifier);
      expect(new Set(names).size).toBe(plan.rungs.length + plan.audio.length);
      for (const { VideoDescription: video } of videos) {
        const h264 = video.CodecSettings.H264Settings;
        expect(Math.max(video.Width, video.Height)).toBeLessThanOrEqual(Math.max(fields.width, fields.height));
        expect([video.Width % 2, video.Height % 2]).toEqual([0, 0]);
        expect(h264.MaxBitrate).toBeGreaterThanOrEqual(1_000);
        expect(h264.GopSize / (h264.FramerateNumerator / h264.FramerateDenominator)).toBeCloseTo(2, 1);
      }
      const selectors = Object.keys(settings.Inputs[0]?.AudioSelectors ?? {});
      expect(sounds.map(({ AudioDescriptions }) => AudioDescriptions[0]?.AudioSourceName)).toEqual(selectors);
    }),
    { numRuns: 200 },
  );
});
