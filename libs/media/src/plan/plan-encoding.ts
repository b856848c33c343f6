import { type Probe, type VideoTrack } from '../probe/model';
import { type Rational, toNumber } from '../rational';
import { planAudio } from './audio-plan';
import { type ChunkOptions, planChunks } from './chunks';
import { type EncodingPlan, type SourcePlan, type StoryboardPlan } from './encoding-plan';
import { chooseRate, gopFramesOf } from './frame-rate';
import { type LadderOptions, fitShortSide, planLadder } from './ladder';

export interface PlanOptions extends LadderOptions, ChunkOptions {
  /** Overrides the rate that the probe suggests, e.g. from a scan of all packets. */
  readonly rate?: Rational;
  /** Longest pause between two frames plus reordering, in seconds, where known from a scan of all packets. */
  readonly longestGapSeconds?: number;
}

/** Containers whose timestamps start anywhere and jump. */
const REBASED = ['mpegts', 'mpeg', 'flv', 'asf', 'ogg', 'dv'];

const RGB = /^(gbr|gbra|rgb|bgr|argb|abgr|rgba|bgra|0rgb|0bgr|x2rgb|pal8)/;

function matrixOf({ colour, width, height }: VideoTrack): SourcePlan['colour']['matrix'] {
  switch (colour.matrix) {
    case 'bt709':
      return 'bt709';
    case 'bt470bg':
    case 'smpte170m':
      return 'bt601';
    case 'bt2020nc':
    case 'bt2020c':
      return 'bt2020';
    case 'smpte240m':
      return 'smpte240m';
    case 'fcc':
      return 'fcc';
    default:
      // Nothing said: players take HD for BT.709 and the rest for BT.601.
      return width >= 1280 || height > 576 ? 'bt709' : 'bt601';
  }
}

function planSource(probe: Probe, video: VideoTrack, gapSeconds: number): SourcePlan {
  const timing = REBASED.includes(probe.container) ? 'rebased' : 'absolute';
  const tick = toNumber(video.timeBase);
  const shift = timing === 'rebased' ? Math.round(probe.startMs / 1000 / tick) : 0;
  const startTicks = video.startTicks - shift;
  return {
    videoIndex: video.index,
    width: video.width,
    height: video.height,
    orientation: [...video.orientation],
    interlaced: video.interlaced,
    colour: { hdr: video.hdr, range: video.colour.range, rgb: RGB.test(video.pixFmt), matrix: matrixOf(video) },
    timing,
    timeBase: video.timeBase,
    startTicks,
    startSeconds: startTicks * tick,
    seekMarginSeconds: Math.max(1, gapSeconds + 0.2),
  };
}

/** Tiles of a storyboard at most; a longer video has them further apart. */
const MAX_TILES = 500;
const TILE_SIDE = 160;

/** Preview pictures every two seconds, in sheets of ten by ten, their longer side about 160 px. */
export function planStoryboard(
  size: { width: number; height: number },
  durationMs: number | undefined,
): StoryboardPlan {
  const longer = Math.max(size.width, size.height);
  const shorter = Math.min(size.width, size.height);
  const even = (side: number) => Math.max(2, Math.round((side * TILE_SIDE) / longer / 2) * 2);
  const short = Math.max(16, even(shorter));
  const landscape = size.width >= size.height;
  return {
    intervalMs: Math.max(2000, Math.ceil((durationMs ?? 0) / MAX_TILES)),
    columns: 10,
    rows: 10,
    tileWidth: landscape ? TILE_SIDE : short,
    tileHeight: landscape ? short : TILE_SIDE,
  };
}

/** A tenth into the video, but not later than ten seconds: past fades and titles, within what is decoded early. */
const posterTime = (durationMs: number | undefined): number => Math.min(10_000, Math.floor((durationMs ?? 0) / 10));

/**
 * Decides everything about an encoding. Pure: the same probe and options give the same plan.
 * @throws if the probe has no video; ask `acceptSource` first
 */
export function planEncoding(probe: Probe, options: PlanOptions = {}): EncodingPlan {
  const { video } = probe;
  if (!video) throw new Error('a plan needs a video track');
  const rate = options.rate ?? chooseRate(video);
  const gopFrames = gopFramesOf(rate);
  const expectedFrames =
    probe.durationMs === undefined ? undefined : Math.max(1, Math.round((probe.durationMs / 1000) * toNumber(rate)));
  const source = planSource(probe, video, options.longestGapSeconds ?? 0);
  const display = { width: video.displayWidth, height: video.displayHeight };
  // A temporal filter must see its neighbours and a rebased file can't be sought exactly: such sources stay whole.
  const whole = source.timing === 'rebased' || source.interlaced;
  return {
    version: 2,
    source,
    ...(probe.durationMs !== undefined && { durationMs: probe.durationMs }),
    durationIsOfVideo: probe.durationOf === 'video',
    rate,
    ...(expectedFrames !== undefined && { expectedFrames }),
    gopFrames,
    rungs: planLadder(video, rate, options),
    audio: planAudio(probe.audio),
    chunks: planChunks(
      expectedFrames,
      gopFrames,
      whole || options.targetFrames === undefined ? {} : { targetFrames: options.targetFrames },
    ),
    poster: { atMs: posterTime(probe.durationMs), ...fitShortSide(display, 720) },
    storyboard: planStoryboard(display, probe.durationMs),
  };
}
