import { type EncodingPlan } from '../plan/encoding-plan';
import { FIRST_OUTPUT_FD, GLOBAL, seconds, threadArguments } from './chunk-arguments';
import { normaliseFilters, uprightFilters } from './filters';
import { inputArguments, type MediaInput } from './input';

/** Frames among which the poster is chosen, so that it is no fade or flash. */
const CANDIDATES = 12;

const JPEG = ['-c:v', 'mjpeg', '-map_metadata', '-1', '-f', 'image2pipe', `pipe:${FIRST_OUTPUT_FD}`];
/** JPEG is full range; BT.601 is what every reader of JPEG assumes. */
const toJpeg = (matrix: string): string =>
  `scale=in_color_matrix=${matrix}:out_color_matrix=bt601:in_range=tv:out_range=pc,format=yuvj420p`;

const matrixAfter = (plan: EncodingPlan): string =>
  !plan.source.colour.hdr && plan.source.colour.matrix === 'bt601' ? 'bt601' : 'bt709';

/** ffmpeg's arguments for the poster: one JPEG on file descriptor 3, the most typical of a few frames near `plan.poster.atMs`. */
export function posterArguments(plan: EncodingPlan, input: MediaInput): string[] {
  const { source, poster } = plan;
  const at = source.startSeconds + poster.atMs / 1000;
  return [
    ...GLOBAL,
    '-filter_complex_threads',
    '1',
    ...inputArguments(input, {
      before: [
        ...threadArguments({ threads: 1 }),
        '-noautorotate',
        '-reinit_filter',
        '0',
        // Not accurate: the keyframe before will do, and the end of a very short film isn't overshot.
        ...(poster.atMs >= 500
          ? [
              '-noaccurate_seek',
              ...(source.timing === 'absolute'
                ? ['-seek_timestamp', '1', '-ss', seconds(at)]
                : ['-ss', seconds(poster.atMs / 1000)]),
            ]
          : []),
      ],
    }),
    '-filter_complex',
    `[0:${source.videoIndex}]${[...uprightFilters(source), ...normaliseFilters(source.colour, poster), `thumbnail=n=${CANDIDATES}`, toJpeg(matrixAfter(plan))].join(',')}[p]`,
    '-map',
    '[p]',
    '-frames:v',
    '1',
    '-q:v',
    '3',
    ...JPEG,
  ];
}

/**
 * ffmpeg's arguments for the preview sheets: JPEGs one after the other on file descriptor 3, the last one padded with black.
 * @param input the lowest rung as one MP4 (init and segments in order), normally on standard input. Only keyframes are decoded.
 */
export function storyboardArguments(plan: EncodingPlan, input: MediaInput): string[] {
  const { columns, rows, tileWidth, tileHeight, intervalMs } = plan.storyboard;
  // fps picks the frame nearest to the middle of the interval unless told to start at its beginning.
  const filters = [
    `fps=1000/${intervalMs}:round=up:start_time=0`,
    `scale=${tileWidth}:${tileHeight}`,
    'setsar=1',
    `tile=${columns}x${rows}`,
    toJpeg(matrixAfter(plan)),
  ];
  return [
    ...GLOBAL,
    '-filter_complex_threads',
    '1',
    ...inputArguments(input, {
      before: [...threadArguments({ threads: 1 }), '-skip_frame', 'nokey', '-discard', 'nokey'],
    }),
    '-map',
    '0:v:0',
    '-vf',
    filters.join(','),
    '-fps_mode',
    'passthrough',
    '-q:v',
    '6',
    ...JPEG,
  ];
}
