import { type AudioPlan, type EncodingPlan } from '../plan/encoding-plan';
import { FIRST_OUTPUT_FD, GLOBAL, seconds, threadArguments } from './chunk-arguments';
import { inputArguments, type MediaInput } from './input';

/** Length of an audio fragment. Segments are cut between fragments, so they end within half of this of the video's. */
export const AUDIO_FRAGMENT_SECONDS = 1;

/**
 * ffmpeg's arguments for one whole audio track: AAC in a fragmented MP4 on file descriptor 3. Its zero is the video's first
 * frame; gaps are filled, so it never drifts. The encoder's priming is declared by an edit list (`delay_moov`).
 */
export function audioArguments(plan: EncodingPlan, audio: AudioPlan, input: MediaInput): string[] {
  const { source } = plan;
  return [
    ...GLOBAL,
    ...(source.timing === 'absolute' ? ['-copyts'] : []),
    ...inputArguments(input, { before: ['-vn', '-sn', '-dn'] }),
    '-map',
    `0:${audio.streamIndex}`,
    '-filter:a',
    [
      `asetpts=PTS-(${seconds(source.startSeconds)})/TB`,
      `aresample=${audio.sampleRate}:async=1:first_pts=0`,
      // At least as long as the video: some readers stop where the first track ends.
      ...(plan.durationMs === undefined ? [] : [`apad=whole_dur=${seconds(plan.durationMs / 1000)}`]),
      `aformat=sample_rates=${audio.sampleRate}:channel_layouts=${audio.channels === 1 ? 'mono' : 'stereo'}`,
    ].join(','),
    '-c:a',
    'aac',
    '-b:a',
    String(audio.bitrate),
    ...threadArguments({ threads: 1 }),
    '-map_metadata',
    '-1',
    '-map_chapters',
    '-1',
    '-f',
    'mp4',
    '-frag_duration',
    String(AUDIO_FRAGMENT_SECONDS * 1_000_000),
    '-movflags',
    '+delay_moov+default_base_moof',
    `pipe:${FIRST_OUTPUT_FD}`,
  ];
}
