import { rungsOf } from '../plan/beginning';
import { type ChunkPlan, type EncodingPlan, type Rung } from '../plan/encoding-plan';
import { toNumber } from '../rational';
import { clockArguments } from './clock';
import { gridFilters, normaliseFilters, outputColour, uprightFilters } from './filters';
import { inputArguments, type MediaInput } from './input';

export interface RunOptions {
  /** Threads of decoder, filters and each encoder; undefined leaves it to ffmpeg. One makes a retried chunk byte-identical. */
  readonly threads?: number;
}

/** First file descriptor on which a command writes; its n-th output is descriptor 3 + n. */
export const FIRST_OUTPUT_FD = 3;

/** How every command begins: quiet, and never reading a terminal. */
export const GLOBAL = ['-hide_banner', '-nostdin', '-v', 'error', '-y'] as const;

export const threadArguments = ({ threads }: RunOptions): string[] =>
  threads === undefined ? [] : ['-threads', String(threads)];

/** Seconds for a command line: never in exponential form; finer than any tick we use. */
export const seconds = (value: number): string => value.toFixed(9).replace(/\.?0+$/, '');

/**
 * Options before the input of a video. `absolute` files keep their own clock; a chunk other than the first seeks to a
 * margin before its start, so that the grid sees the frame that lasts into it.
 */
function sourceOptions(plan: EncodingPlan, chunk: ChunkPlan, options: RunOptions): string[] {
  const { source, rate } = plan;
  const seek = source.startSeconds + chunk.startFrame / toNumber(rate) - source.seekMarginSeconds;
  const seeks = chunk.startFrame > 0 && source.timing === 'absolute' && seek > source.startSeconds;
  return [
    ...threadArguments(options),
    // We turn the picture ourselves; and a picture that changes in mid-stream must not rebuild the filters.
    '-noautorotate',
    '-reinit_filter',
    '0',
    ...(seeks ? ['-seek_timestamp', '1', '-noaccurate_seek', '-ss', seconds(seek)] : []),
  ];
}

/** How much larger a rung must be for a smaller one to be scaled from it: one and a half, with room for rounded widths. */
const LEAST_REDUCTION = 1.45;

/**
 * The rung whose picture a lower one is made from: the smallest that is half as large again. A reduction from
 * there costs a fraction of one from the top (a third of all scaling in a five-rung ladder) and loses under 0.001 SSIM.
 */
function parentOf(rungs: readonly Rung[], n: number): number {
  const rung = rungs[n];
  const parent = rungs.findLastIndex(
    ({ width, height }, above) =>
      above < n && rung && Math.min(width / rung.width, height / rung.height) >= LEAST_REDUCTION,
  );
  return Math.max(0, parent);
}

/** A rung of the filter graph: what it is scaled from, and what of it is encoded. */
interface Node {
  readonly rung: Rung;
  readonly parent: number | undefined;
  /** Number of the output; undefined for one that others are made from only. */
  readonly output: number | undefined;
  /** Frames of the chunk that this rung leaves out. */
  readonly skipped: number;
}

/**
 * The rungs that a chunk needs, and those they are made from: a picture is the same whichever job encodes it. Indices are
 * those of the plan's rungs.
 */
function treeOf(plan: EncodingPlan, chunk: ChunkPlan): ReadonlyMap<number, Node> {
  const parts = rungsOf(plan, chunk);
  const nodes = new Map<number, Node>();
  const add = (n: number): void => {
    const rung = plan.rungs[n];
    if (!rung || nodes.has(n)) return;
    const parent = n === 0 ? undefined : parentOf(plan.rungs, n);
    const output = parts.findIndex((one) => one.rung.id === rung.id);
    const skipped = (parts[output]?.part.startFrame ?? chunk.startFrame) - chunk.startFrame;
    nodes.set(n, { rung, parent, output: output < 0 ? undefined : output, skipped });
    if (parent !== undefined) add(parent);
  };
  for (const { rung } of parts) add(plan.rungs.indexOf(rung));
  return nodes;
}

/** One decode, and a tree of reductions: `[v{n}]` is the picture of the chunk's rung `n`. */
function filterGraph(plan: EncodingPlan, chunk: ChunkPlan): string {
  const { source, rungs } = plan;
  const [top] = rungs;
  if (!top) throw new Error('a plan needs a rung');
  const all = [
    ...uprightFilters(source),
    ...gridFilters(source.startTicks, plan.rate, chunk),
    ...normaliseFilters(source.colour, top),
  ].join(',');
  const nodes = treeOf(plan, chunk);
  return [...nodes]
    .sort(([a], [b]) => a - b)
    .map(([n, { rung, output, skipped }]) => {
      const children = [...nodes].flatMap(([child, { parent }]) => (parent === n ? [`[s${child}]`] : []));
      const late = skipped > 0 ? `trim=start_pts=${skipped},setpts=PTS-${skipped},` : '';
      const size = `scale=${rung.width}:${rung.height},setsar=1`;
      const made = n === 0 ? `[0:${source.videoIndex}]${all}` : `[s${n}]${children.length === 0 ? late : ''}${size}`;
      if (children.length === 0) return `${made}[v${output}]`;
      const uses = output === undefined ? children : [late ? `[t${n}]` : `[v${output}]`, ...children];
      const split = uses.length === 1 ? '' : `,split=${uses.length}`;
      return `${made}${split}${uses.join('')}${output !== undefined && late ? `;[t${n}]${late}null[v${output}]` : ''}`;
    })
    .join(';');
}

/**
 * How full x264 takes the decoder's buffer to be where a chunk continues a video: as full as it is in the middle of one whose
 * bits are limited. Its own guess (0.9) is of a start; every chunk would then be given most of `bufsize` once more.
 */
const CONTINUED_BUFFER = 'vbv-init=0.4';

function rungOutput(plan: EncodingPlan, startFrame: number, rung: Rung, n: number, options: RunOptions): string[] {
  const colour = outputColour(plan.source.colour).matrix;
  const gop = plan.gopFrames;
  return [
    '-map',
    `[v${n}]`,
    '-c:v',
    'libx264',
    '-preset',
    rung.preset,
    '-profile:v',
    rung.profile,
    '-level:v',
    rung.level,
    '-crf',
    String(rung.crf),
    '-maxrate',
    String(rung.maxrate),
    '-bufsize',
    String(rung.bufsize),
    ...threadArguments(options),
    '-x264-params',
    `keyint=${gop}:min-keyint=${gop}:scenecut=0:open-gop=0:stitchable=1${startFrame > 0 ? `:${CONTINUED_BUFFER}` : ''}`,
    '-color_range',
    'tv',
    '-colorspace',
    colour,
    '-color_primaries',
    colour,
    '-color_trc',
    colour,
    '-map_metadata',
    '-1',
    '-map_chapters',
    '-1',
    '-video_track_timescale',
    String(rung.timescale),
    ...(startFrame > 0 ? ['-output_ts_offset', seconds(startFrame / toNumber(plan.rate))] : []),
    // One fragment a GOP. delay_moov: the edit list hides the B-frame delay; frag_discont: absolute tfdt in every chunk.
    '-f',
    'mp4',
    '-movflags',
    '+frag_keyframe+delay_moov+default_base_moof+frag_discont',
    `pipe:${FIRST_OUTPUT_FD + n}`,
  ];
}

/**
 * ffmpeg's arguments for one chunk: one process, one decode, every rung that the chunk has. The `n`-th of them (see
 * `rungsOf`) is written as one fragmented MP4, a fragment a GOP, to file descriptor 3 + n.
 *
 * There is no `-xerror`: it would refuse films with one damaged slice. A file that ends early therefore exits with 0, and
 * the caller compares the frames that came out with those expected (`isTruncated`).
 */
export function chunkArguments(
  plan: EncodingPlan,
  chunk: ChunkPlan,
  input: MediaInput,
  options: RunOptions = {},
): string[] {
  return [
    ...GLOBAL,
    ...(options.threads === undefined ? [] : ['-filter_complex_threads', String(options.threads)]),
    ...(plan.source.timing === 'absolute' ? ['-copyts'] : []),
    ...inputArguments(input, { before: sourceOptions(plan, chunk, options) }),
    '-filter_complex',
    filterGraph(plan, chunk),
    ...rungsOf(plan, chunk).flatMap(({ rung, part }, n) => rungOutput(plan, part.startFrame, rung, n, options)),
    ...clockArguments(plan, plan.source.videoIndex),
  ];
}
