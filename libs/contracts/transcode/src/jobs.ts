import { EncodingId, VideoId, defineJob } from '@kinora/contracts-common';
import { z } from 'zod';

/** Where the encoders find their work. */
export const ENCODE_QUEUE = 'encode';
/** Where they find what makes a video playable. They take it beside what they are at work on, so that it never waits for a slot. */
export const BEGINNING_QUEUE = 'encode.beginning';
/** Where transcode orchestrates: probe and plan, finish, clean up. */
export const TRANSCODE_QUEUE = 'transcode';

/**
 * What every encode job carries. `plan` is libs/media's EncodingPlan, which the encoder parses with that lib's schema; of its
 * chunks a job gets its own only.
 */
const EncodeBase = z.object({
  videoId: VideoId,
  encodingId: EncodingId,
  /** Key of the source in the raw store. */
  sourceKey: z.string().min(1),
  plan: z.record(z.string(), z.unknown()),
  /** Rises with every new attempt at the encoding; reports with a lower one are refused. */
  fence: z.int().nonnegative(),
});

/** One CMAF segment as it lies in the distribution store. Ticks are in the track's own timescale. */
export const LandedSegment = z.object({
  number: z.int().min(1),
  startTicks: z.int().nonnegative(),
  durationTicks: z.int().positive(),
  bytes: z.int().positive(),
});
export type LandedSegment = z.output<typeof LandedSegment>;

/** What one rendition (`v720`, `a0`) gained. The first report of a rendition carries its init facts. */
export const LandedTrack = z.object({
  renditionId: z.string().regex(/^[av]\d+$/),
  init: z
    .object({
      timescale: z.int().positive(),
      codec: z.string(),
      bytes: z.int().positive(),
      sha256: z.string(),
      width: z.int().optional(),
      height: z.int().optional(),
    })
    .optional(),
  segments: z.array(LandedSegment),
});
export type LandedTrack = z.output<typeof LandedTrack>;

/** A new fence is a new attempt at everything, so it is part of each identity: jobs of an old one are dead, never in the way. */
const policy = { attempts: 4, backoffMs: 2_000, keepCompletedSeconds: 86_400 } as const;

/** Encode one chunk of the video, the one of this index in the plan: one decode, every rung that it has. */
export const encodeChunk = defineJob({
  queue: ENCODE_QUEUE,
  name: 'encode.chunk.v1',
  data: EncodeBase.extend({ chunkIndex: z.int().nonnegative() }),
  result: z.object({
    frames: z.int().nonnegative(),
    durationMs: z.number().nonnegative(),
    tracks: z.array(LandedTrack),
  }),
  identity: (d) => `${d.encodingId}-chunk-${d.chunkIndex}-${d.fence}`,
  policy,
});

/** Encode what a video needs to be playable: the chunk that is its beginning, and the first segment of its default sound. */
export const encodeBeginning = defineJob({
  queue: BEGINNING_QUEUE,
  name: 'encode.beginning.v1',
  data: EncodeBase,
  result: encodeChunk.result,
  identity: (d) => `${d.encodingId}-beginning-${d.fence}`,
  policy,
});

/** Encode one audio track, whole. */
export const encodeAudio = defineJob({
  queue: ENCODE_QUEUE,
  name: 'encode.audio.v1',
  data: EncodeBase.extend({ audioIndex: z.int().nonnegative() }),
  result: z.object({ durationMs: z.number().nonnegative(), tracks: z.array(LandedTrack) }),
  identity: (d) => `${d.encodingId}-audio-${d.audioIndex}-${d.fence}`,
  policy,
});

/** One still picture for the catalogue, early. */
export const encodePoster = defineJob({
  queue: ENCODE_QUEUE,
  name: 'encode.poster.v1',
  data: EncodeBase,
  result: z.object({ key: z.string(), width: z.int(), height: z.int() }),
  identity: (d) => `${d.encodingId}-poster-${d.fence}`,
  policy,
});

/** Preview tiles and their WebVTT index; runs after the chunks, from the lowest rung. */
export const encodeStoryboard = defineJob({
  queue: ENCODE_QUEUE,
  name: 'encode.storyboard.v1',
  data: EncodeBase,
  result: z.object({ key: z.string(), tiles: z.int() }),
  identity: (d) => `${d.encodingId}-storyboard-${d.fence}`,
  policy,
});

/** Probe the source, plan its beginning, and add the flow of the encoding. */
export const startEncoding = defineJob({
  queue: TRANSCODE_QUEUE,
  name: 'transcode.start.v1',
  data: z.object({ videoId: VideoId, encodingId: EncodingId }),
  result: z.object({ accepted: z.boolean() }),
  identity: (d) => `${d.encodingId}-start`,
  policy,
});

/** While the first job is at work: look at the times of all frames, plan the rest, and add its jobs to the flow. */
export const scanSource = defineJob({
  queue: TRANSCODE_QUEUE,
  name: 'transcode.scan.v1',
  data: z.object({ videoId: VideoId, encodingId: EncodingId, fence: z.int().nonnegative() }),
  result: z.object({ chunks: z.int().nonnegative() }),
  identity: (d) => `${d.encodingId}-scan-${d.fence}`,
  policy,
});

/** In place of chunks and audio tracks: follow the job of AWS Elemental MediaConvert, and take in what it wrote. Postponed while that is at work. */
export const followMediaConvert = defineJob({
  queue: TRANSCODE_QUEUE,
  name: 'transcode.mediaconvert.v1',
  data: z.object({ videoId: VideoId, encodingId: EncodingId, fence: z.int().nonnegative() }),
  result: z.object({ tracks: z.array(LandedTrack) }),
  identity: (d) => `${d.encodingId}-mediaconvert-${d.fence}`,
  // An outage of AWS is waited out for a quarter of an hour.
  policy: { ...policy, attempts: 10 },
});

/** Root of the flow: every child is done; check, close the manifests, publish. */
export const finishEncoding = defineJob({
  queue: TRANSCODE_QUEUE,
  name: 'transcode.finish.v1',
  data: z.object({ videoId: VideoId, encodingId: EncodingId, fence: z.int().nonnegative() }),
  result: z.object({ state: z.enum(['ready', 'failed', 'superseded']) }),
  identity: (d) => `${d.encodingId}-finish-${d.fence}`,
  policy,
});

/** Remove what a deleted video or an ended encoding left, now and again later, for writers that were still at work. */
export const sweepMedia = defineJob({
  queue: TRANSCODE_QUEUE,
  name: 'transcode.sweep.v1',
  data: z.object({
    /** Of the distribution store; ends in `/`. */
    prefix: z.string().regex(/^media\/[\w/]+\/$/),
    videoId: VideoId,
    round: z.int().nonnegative(),
  }),
  result: z.object({ removed: z.int().nonnegative() }),
  identity: (d) => `${d.prefix.replaceAll('/', '_')}sweep-${d.round}`,
  policy,
});
