import { EncodingId, VideoId, defineEvent } from '@kinora/contracts-common';
import { z } from 'zod';

/** One entry of the ladder as it is published. Bitrates in bits per second. */
export const Rendition = z
  .object({
    id: z.string(),
    width: z.int(),
    height: z.int(),
    codec: z.string(),
    bitrate: z.int().describe('Average bits per second'),
    frameRate: z.number(),
  })
  .meta({ id: 'Rendition' });
export type Rendition = z.output<typeof Rendition>;

const Of = z.object({ videoId: VideoId, encodingId: EncodingId });
const Facts = Of.extend({ durationMs: z.int().nonnegative(), width: z.int().positive(), height: z.int().positive() });

/** The source was probed and accepted, and the work is planned. */
export const encodingStarted = defineEvent({
  name: 'encoding.started.v1',
  data: Facts.extend({ audioTracks: z.int().nonnegative() }),
  subscribers: ['catalog'],
});

/** Share of the planned seconds that is encoded, over all rungs, 0…1. */
export const EncodingProgress = Of.extend({
  progress: z.number().min(0).max(1),
  /** By the pace so far; null while nobody can say. */
  estimatedSecondsLeft: z.int().positive().nullable().default(null),
});
export type EncodingProgress = z.output<typeof EncodingProgress>;

/** How far encodings are, those that have gone on since the event before. Sent without the outbox: a lost one is replaced by the next. */
export const encodingProgress = defineEvent({
  name: 'encoding.progress.v2',
  data: z.object({ encodings: z.array(EncodingProgress).min(1) }),
  subscribers: ['catalog'],
});

/** The first seconds can be watched. */
export const videoPlayable = defineEvent({
  name: 'video.playable.v1',
  data: Facts.extend({ renditions: z.array(Rendition), poster: z.boolean() }),
  subscribers: ['catalog'],
});

/** All of it can be watched; the manifests are closed. `durationMs` is what was decoded. */
export const videoReady = defineEvent({
  name: 'video.ready.v1',
  data: Facts.extend({
    renditions: z.array(Rendition),
    poster: z.boolean(),
    storyboard: z.boolean(),
    bytes: z.int().nonnegative(),
  }),
  subscribers: ['catalog', 'upload', 'analytics'],
});

/** It can't be published; `code` is stable, `message` is a sentence for a person. */
export const encodingFailed = defineEvent({
  name: 'encoding.failed.v1',
  data: Of.extend({ code: z.string(), message: z.string() }),
  subscribers: ['catalog'],
});
