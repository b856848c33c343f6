import { type Probe, parseProbe, planEncoding } from '@kinora/media';
import { type Circumstances, type EngineRules, chooseEngine, outputMinutes } from './engine';

const rules: EngineRules = {
  ...{ mode: 'policy', dailyMinutes: 1_000, bytes: 20 * 1024 ** 3, minutes: 120 },
  ...{ waitingJobs: 100, waitSeconds: 600 },
};

function probeOf(video: Record<string, unknown> = {}, seconds = 60): Probe {
  return parseProbe({
    streams: [
      {
        ...{ index: 0, codec_type: 'video', codec_name: 'h264', width: 1280, height: 720, pix_fmt: 'yuv420p' },
        ...{ r_frame_rate: '25/1', avg_frame_rate: '25/1', time_base: '1/12800', start_pts: 0, start_time: '0.0' },
        ...{ duration: String(seconds) },
        ...video,
      },
      { index: 1, codec_type: 'audio', codec_name: 'aac', channels: 2, sample_rate: '48000' },
    ],
    format: { format_name: 'mov,mp4', start_time: '0.0', duration: String(seconds) },
  });
}

const idle = { waiting: 0, waitedSeconds: 0 };
const of = (probe: Probe, more: Partial<Circumstances> = {}): Circumstances => ({
  ...{ probe, plan: planEncoding(probe), minutesToday: 0, queue: idle },
  ...more,
});
const choose = (circumstances: Circumstances, more: Partial<EngineRules> = {}) =>
  chooseEngine(circumstances, { ...rules, ...more });

const hdr = { color_transfer: 'smpte2084', color_space: 'bt2020nc', color_primaries: 'bt2020' };

it.each([
  ['our own workers while they have room', of(probeOf()), 'ffmpeg', /have room/],
  ['the service for HDR', of(probeOf(hdr)), 'mediaconvert', /HDR/],
  ['the service for long videos', of(probeOf({}, 7_201)), 'mediaconvert', /longer than 120 minutes/],
  ['our own for two hours', of(probeOf({}, 7_200)), 'ffmpeg', /room/],
  ['the service for large sources', of({ ...probeOf(), bytes: 21 * 1024 ** 3 }), 'mediaconvert', /20 GiB/],
  [
    'the service for what is slow to decode',
    of(probeOf({ codec_name: 'hevc', width: 3840, height: 2160 })),
    'mediaconvert',
    /hevc at 3840×2160/,
  ],
  ['our own for small HEVC', of(probeOf({ codec_name: 'hevc' })), 'ffmpeg', /room/],
  [
    'the service when many wait',
    of(probeOf(), { queue: { waiting: 100, waitedSeconds: 1 } }),
    'mediaconvert',
    /100 jobs wait/,
  ],
  [
    'the service when they wait long',
    of(probeOf(), { queue: { waiting: 1, waitedSeconds: 600 } }),
    'mediaconvert',
    /600 s/,
  ],
  ['our own when the budget is used up', of(probeOf(hdr), { minutesToday: 996 }), 'ffmpeg', /1000 minutes/],
  ['the service for the budget’s last minutes', of(probeOf(hdr), { minutesToday: 995 }), 'mediaconvert', /HDR/],
  [
    'our own for what the service can’t',
    of(probeOf({ ...hdr, codec_name: 'cinepak' })),
    'ffmpeg',
    /video codec cinepak/,
  ],
])('takes %s', (_, circumstances, name, reason) => {
  expect(choose(circumstances)).toEqual({ name, reason: expect.stringMatching(reason) });
});

it('does as it is set, within what is possible and paid for', () => {
  expect(choose(of(probeOf(hdr)), { mode: 'ffmpeg' })).toMatchObject({ name: 'ffmpeg' });
  expect(choose(of(probeOf()), { mode: 'mediaconvert' })).toMatchObject({ name: 'mediaconvert' });
  expect(choose(of(probeOf(), { minutesToday: 2_000 }), { mode: 'mediaconvert' })).toMatchObject({ name: 'ffmpeg' });
  const unlimited = { mode: 'mediaconvert', dailyMinutes: undefined } as const;
  expect(choose(of(probeOf(), { minutesToday: 2_000 }), unlimited)).toMatchObject({ name: 'mediaconvert' });
  expect(choose(of(probeOf({ codec_name: 'cinepak' })), unlimited)).toMatchObject({ name: 'ffmpeg' });
});

it('counts every output’s minutes', () => {
  expect(outputMinutes(planEncoding(probeOf()))).toBe(5); // four rungs and a track of a minute
});
