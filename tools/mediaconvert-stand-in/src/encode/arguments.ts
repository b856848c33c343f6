import {
  type WireAudio,
  type WireCmaf,
  type WireH264,
  type WireInput,
  type WireOutput,
  type WireVideo,
} from '../model/rules';
import { type Inspected, selectedStream } from './inspect';

/** One output as files: `{base}{nameModifier}` and what follows. */
export interface Target {
  readonly name: string;
  readonly extension: 'cmfv' | 'cmfa';
  readonly output: WireOutput;
}

export const targetsOf = (base: string, outputs: readonly WireOutput[]): Target[] =>
  outputs.map((output) => ({
    name: `${base}${output.nameModifier ?? ''}`,
    extension: output.videoDescription ? 'cmfv' : 'cmfa',
    output,
  }));

const TURNS: Readonly<Record<string, readonly string[]>> = {
  DEGREES_90: ['transpose=clock'],
  DEGREES_180: ['hflip', 'vflip'],
  DEGREES_270: ['transpose=cclock'],
};

/** 7 is about what x264 calls 23. */
const crfOf = ({ qvbrSettings }: WireH264): number => 37 - 2 * (qvbrSettings?.qvbrQualityLevel ?? 7);

const rateOf = (h264: WireH264): string => `${h264.framerateNumerator ?? 30}/${h264.framerateDenominator ?? 1}`;

/** Pictures per GOP. */
function gopOf(h264: WireH264): number {
  const { gopSize = 2, gopSizeUnits = 'SECONDS' } = h264;
  if (gopSizeUnits === 'FRAMES') return gopSize;
  return Math.round(gopSize * ((h264.framerateNumerator ?? 30) / (h264.framerateDenominator ?? 1)));
}

function pictures({ videoPreprocessors: pre = {}, width, height }: WireVideo): string {
  const to709 = pre.colorCorrector?.colorSpaceConversion === 'FORCE_709';
  const tonemap = pre.colorCorrector?.hdrToSdrToneMapper !== undefined;
  return [
    ...(pre.deinterlacer ? ['bwdif=mode=send_frame'] : []),
    ...(tonemap
      ? [
          ...['zscale=transfer=linear:npl=100', 'format=gbrpf32le', 'zscale=primaries=bt709', 'tonemap=tonemap=hable'],
          'zscale=transfer=bt709:matrix=bt709:range=limited',
        ]
      : []),
    `scale=${width ?? 'iw'}:${height ?? 'ih'}${to709 && !tonemap ? ':out_color_matrix=bt709' : ''}`,
    'setsar=1',
    'format=yuv420p',
  ].join(',');
}

function h264Arguments(h264: WireH264): string[] {
  const gop = String(gopOf(h264));
  const level = /^LEVEL_(\d)(?:_(\d))?$/.exec(h264.codecLevel ?? '');
  return [
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(crfOf(h264))],
    ...(h264.maxBitrate === undefined ? [] : ['-maxrate', String(h264.maxBitrate)]),
    ...['-bufsize', String(h264.hrdBufferSize ?? 2 * (h264.maxBitrate ?? 1_000_000))],
    ...['-profile:v', (h264.codecProfile ?? 'MAIN').toLowerCase()],
    ...(level ? ['-level:v', [level[1], level[2]].filter((part) => part !== undefined).join('.')] : []),
    ...['-g', gop, '-keyint_min', gop, '-sc_threshold', '0', '-flags', '+cgop'],
    ...['-bf', String(h264.numberBFramesBetweenReferenceFrames ?? 2)],
  ];
}

function aacArguments(audio: WireAudio, seconds: number): string[] {
  const aac = audio.codecSettings?.aacSettings ?? {};
  const rate = aac.sampleRate ?? 48_000;
  // As long as the pictures, as MATCH_VIDEO_DURATION has it.
  const filters = `aresample=${rate}:async=1:first_pts=0,apad=whole_dur=${seconds},atrim=end=${seconds}`;
  const channels = aac.codingMode === 'CODING_MODE_1_0' ? '1' : '2';
  return ['-filter:a', filters, '-c:a', 'aac', '-ac', channels, '-b:a', String(aac.bitrate ?? 96_000)];
}

/** ffmpeg's own writer of segments; the manifests that it makes are only read for their timelines. */
const segments = ({ name, extension }: Target, cmaf: WireCmaf): string[] => [
  ...['-map_metadata', '-1', '-map_chapters', '-1', '-f', 'dash', '-use_template', '1', '-use_timeline', '1'],
  ...['-seg_duration', String(cmaf.segmentLength ?? 10)],
  ...['-frag_type', 'duration', '-frag_duration', String(cmaf.fragmentLength ?? 2)],
  ...['-init_seg_name', `${name}init.${extension}`, '-media_seg_name', `${name}_$Number%09d$.${extension}`],
  `${name}.timeline`,
];

/** One decode, every output. */
export function encodeArguments(
  url: string,
  input: WireInput,
  cmaf: WireCmaf,
  targets: readonly Target[],
  found: Inspected,
): string[] {
  const videos = targets.flatMap(({ output }) => output.videoDescription ?? []);
  const rate = rateOf(videos[0]?.codecSettings?.h264Settings ?? {});
  const turns = TURNS[input.videoSelector?.rotate ?? ''] ?? [];
  const upright = [...turns, `fps=${rate}`, `split=${videos.length}`].join(',');
  const graph = [
    `[0:${found.videoIndex}]${upright}${videos.map((_, n) => `[s${n}]`).join('')}`,
    ...videos.map((video, n) => `[s${n}]${pictures(video)}[v${n}]`),
  ].join(';');
  let video = 0;
  return [
    ...['-hide_banner', '-nostdin', '-v', 'error', '-y', '-progress', 'pipe:1'],
    ...['-noautorotate', '-i', url],
    ...(videos.length > 0 ? ['-filter_complex', graph] : []),
    ...targets.flatMap((target) => {
      const { videoDescription, audioDescriptions } = target.output;
      const [audio] = audioDescriptions ?? [];
      const encoder = videoDescription
        ? ['-map', `[v${video++}]`, ...h264Arguments(videoDescription.codecSettings?.h264Settings ?? {})]
        : [
            ...['-map', `0:${selectedStream(input, audio?.audioSourceName, found)}`],
            ...aacArguments(audio ?? {}, found.durationSeconds),
          ];
      return [...encoder, ...segments(target, cmaf)];
    }),
  ];
}
