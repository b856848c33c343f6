import { z } from 'zod';
import { Rational } from '../rational';

const Even = z.int().positive().multipleOf(2);
const Orientation = z.enum(['clock', 'cclock', 'clock_flip', 'cclock_flip', 'hflip', 'vflip']);

/** What the encoders must know of the source; taken from the probe, so that no worker probes again. */
export const SourcePlan = z.object({
  videoIndex: z.int().nonnegative(),
  width: z.int().positive(),
  height: z.int().positive(),
  orientation: z.array(Orientation).max(2),
  interlaced: z.boolean(),
  /** What has to be done to its colours: nothing, map HDR down, convert a wide or odd SDR space, or expand RGB. */
  colour: z.object({
    hdr: z.union([z.literal(false), z.enum(['pq', 'hlg'])]),
    range: z.enum(['tv', 'pc']),
    /** Pixels are RGB, not YUV. */
    rgb: z.boolean(),
    /** Matrix of the source, as ffmpeg's `scale` names it. */
    matrix: z.enum(['bt709', 'bt601', 'bt2020', 'smpte240m', 'fcc']),
  }),
  /**
   * `absolute`: timestamps are used as written in the file. `rebased`: ffmpeg shifts the file to zero and mends jumps, for
   * containers where those are normal (MPEG-TS and its kin); such a source can't be cut into chunks by seeking.
   */
  timing: z.enum(['absolute', 'rebased']),
  timeBase: Rational,
  /** Timestamp of the first frame shown, in ticks of `timeBase`; it becomes zero. */
  startTicks: z.int(),
  /** The same in seconds, for the audio. */
  startSeconds: z.number(),
  /** Longest pause between frames plus reordering, in seconds; how far before a chunk decoding starts. */
  seekMarginSeconds: z.number().positive(),
});
export type SourcePlan = z.output<typeof SourcePlan>;

export const Rung = z.object({
  /** `v720`: named by the short side. */
  id: z.string().regex(/^v\d+$/),
  width: Even,
  height: Even,
  profile: z.enum(['main', 'high']),
  /** H.264 level as x264 takes it, e.g. `4.1`. */
  level: z.string().regex(/^\d(\.\d)?$/),
  preset: z.string().regex(/^[a-z]+$/),
  crf: z.number().min(0).max(51),
  /** Bits per second and bits. */
  maxrate: z.int().positive(),
  bufsize: z.int().positive(),
  /** Ticks per second of the track; a frame is a whole number of them. */
  timescale: z.int().positive(),
});
export type Rung = z.output<typeof Rung>;

export const AudioPlan = z.object({
  id: z.string().regex(/^a\d+$/),
  /** Index of the stream in the source. */
  streamIndex: z.int().nonnegative(),
  /** Bits per second. */
  bitrate: z.int().positive(),
  channels: z.int().positive(),
  sampleRate: z.int().positive(),
  language: z.string().optional(),
  /** For a person: "English", "Director's comments". */
  name: z.string(),
  isDefault: z.boolean(),
});
export type AudioPlan = z.output<typeof AudioPlan>;

/** One rung's part in a chunk. */
export const ChunkRung = z.object({
  id: z.string().regex(/^v\d+$/),
  /** At or after the chunk's own start, where a segment begins. */
  startFrame: z.int().nonnegative(),
  firstSegment: z.int().min(1),
});
export type ChunkRung = z.output<typeof ChunkRung>;

/** What one job encodes: a range of frames, in some rungs or in all. */
export const ChunkPlan = z.object({
  index: z.int().nonnegative(),
  startFrame: z.int().nonnegative(),
  /** Exclusive; null: to the end, wherever decoding finds it. */
  endFrame: z.int().positive().nullable(),
  /** Number of the first segment, from 1. */
  firstSegment: z.int().min(1),
  /** From the largest to the smallest; absent: every rung, from the chunk's start on. Since version 2. */
  rungs: z.array(ChunkRung).min(1).optional(),
});
export type ChunkPlan = z.output<typeof ChunkPlan>;

export const StoryboardPlan = z.object({
  /** Time between two tiles. */
  intervalMs: z.int().positive(),
  columns: z.int().positive(),
  rows: z.int().positive(),
  tileWidth: Even,
  tileHeight: Even,
});
export type StoryboardPlan = z.output<typeof StoryboardPlan>;

/** Everything that is decided about an encoding before it starts. Plain JSON; travels in job payloads. */
export const EncodingPlan = z.object({
  /** 1: every chunk has every rung. 2: chunks may name their rungs. Both are understood. */
  version: z.union([z.literal(1), z.literal(2)]),
  source: SourcePlan,
  /** As the source declares it; undefined where nothing does. */
  durationMs: z.int().nonnegative().optional(),
  /** Whether a decoded duration shorter than `durationMs` proves that the source was cut off. */
  durationIsOfVideo: z.boolean(),
  /** Output frames per second of every rung, exact. */
  rate: Rational,
  /** Frames that the declared duration makes. */
  expectedFrames: z.int().positive().optional(),
  gopFrames: z.int().positive(),
  /** From the largest to the smallest. */
  rungs: z.array(Rung).min(1),
  audio: z.array(AudioPlan),
  /**
   * In the record: all of them, or as long as only the beginning is planned in detail, those (see `isDetailed`). In the
   * payload of a job: its own.
   */
  chunks: z.array(ChunkPlan).min(1),
  poster: z.object({ atMs: z.int().nonnegative(), width: Even, height: Even }),
  storyboard: StoryboardPlan,
});
export type EncodingPlan = z.output<typeof EncodingPlan>;
