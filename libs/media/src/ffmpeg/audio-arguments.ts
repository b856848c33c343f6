import { type AudioPlan, type EncodingPlan } from '../plan/encoding-plan';
import { FIRST_OUTPUT_FD, GLOBAL, seconds, threadArguments } from './chunk-arguments';
import { clockArguments } from './clock';
import { inputArguments, type MediaInput } from './input';

/** Length of an audio fragment. Segments are cut between fragments, so they end within half of this of the video's. */
export const AUDIO_FRAGMENT_SECONDS = 1;

const NO_METADATA = ['-map_metadata', '-1', '-map_chapters', '-1'];

const format = ({ sampleRate, channels }: AudioPlan): string =>
  `aformat=sample_rates=${sampleRate}:channel_layouts=${channels === 1 ? 'mono' : 'stereo'}`;

export interface AudioOptions {
  /** Of the track, from its start; all of it by default. Less is read then: the bytes of what is complete are the same. */
  readonly seconds?: number;
}

/** From samples on the source's clock to AAC on ours: zero is the first picture, gaps are filled, so it never drifts. */
function encode({ source, durationMs }: EncodingPlan, audio: AudioPlan, options: AudioOptions = {}): string[] {
  const filters = [
    `asetpts=PTS-(${seconds(source.startSeconds)})/TB`,
    `aresample=${audio.sampleRate}:async=1:first_pts=0`,
    // At least as long as the video: some readers stop where the first track ends.
    ...(durationMs === undefined ? [] : [`apad=whole_dur=${seconds(durationMs / 1000)}`]),
    format(audio),
  ];
  return [
    '-filter:a',
    filters.join(','),
    '-c:a',
    'aac',
    '-b:a',
    String(audio.bitrate),
    ...threadArguments({ threads: 1 }),
    ...NO_METADATA,
    ...(options.seconds === undefined ? [] : ['-t', seconds(options.seconds)]),
    '-f',
    'mp4',
    '-frag_duration',
    String(AUDIO_FRAGMENT_SECONDS * 1_000_000),
    // The edit list of delay_moov declares the encoder's priming.
    '-movflags',
    '+delay_moov+default_base_moof',
    `pipe:${FIRST_OUTPUT_FD}`,
  ];
}

/** ffmpeg's arguments for one audio track: AAC in a fragmented MP4 on file descriptor 3. */
export const audioArguments = (
  plan: EncodingPlan,
  audio: AudioPlan,
  input: MediaInput,
  options: AudioOptions = {},
): string[] => [
  ...GLOBAL,
  ...(plan.source.timing === 'absolute' ? ['-copyts'] : []),
  ...inputArguments(input, { before: ['-vn', '-sn', '-dn'] }),
  '-map',
  `0:${audio.streamIndex}`,
  ...encode(plan, audio, options),
];

/**
 * Whether the sound may change its channels or rate in mid-stream, as broadcast recordings do. ffmpeg then rebuilds its
 * filters, and one that fills a gap at the start would fill it again. Such a source takes two runs, the first piped
 * into the second: {@link audioDecodeArguments}, {@link audioEncodeArguments}.
 */
export const soundMayChange = ({ source }: Pick<EncodingPlan, 'source'>): boolean => source.timing === 'rebased';

/** First of two runs: samples of one unchanging kind, with the source's timestamps, as NUT on file descriptor 3. */
export const audioDecodeArguments = (plan: EncodingPlan, audio: AudioPlan, input: MediaInput): string[] => [
  ...GLOBAL,
  ...(plan.source.timing === 'absolute' ? ['-copyts'] : []),
  ...inputArguments(input, { before: ['-sn', '-dn'] }),
  '-map',
  `0:${audio.streamIndex}`,
  '-filter:a',
  format(audio),
  '-c:a',
  'pcm_f32le',
  ...NO_METADATA,
  '-f',
  'nut',
  `pipe:${FIRST_OUTPUT_FD}`,
  ...clockArguments(plan, audio.streamIndex),
];

/** Second of two runs: reads the first one's output on standard input and writes what {@link audioArguments} would. */
export const audioEncodeArguments = (plan: EncodingPlan, audio: AudioPlan): string[] => [
  ...GLOBAL,
  '-copyts',
  ...inputArguments({ kind: 'stdin' }),
  '-map',
  '0:a:0',
  ...encode(plan, audio),
];
