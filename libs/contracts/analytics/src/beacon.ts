import { z } from 'zod';

const Ms = z.number().nonnegative().max(1e10);
const Count = z.int().nonnegative().max(1e7);

export const PlayerState = z.enum([
  'starting',
  'playing',
  'paused',
  'seeking',
  'rebuffering',
  'ended',
  'failed',
  'quit',
]);
export type PlayerState = z.output<typeof PlayerState>;

/** What the session knows from its first beacon: coarse families only, nothing that identifies a person. */
export const Dimensions = z.object({
  player: z.string().max(40).optional(),
  engine: z.string().max(40).optional(),
  device: z.enum(['desktop', 'mobile', 'tablet', 'tv', 'other']).optional(),
  os: z.string().max(20).optional(),
  browser: z.string().max(20).optional(),
  connection: z.string().max(20).optional(),
  pageHost: z.string().max(100).optional(),
  autoplay: z.boolean().optional(),
});
export type Dimensions = z.output<typeof Dimensions>;

/**
 * A cumulative snapshot of one playback session. Every number is a total since the session began, never an increment, so that a lost,
 * repeated or late beacon can't change what the session says. All durations are milliseconds of a monotonic clock.
 */
export const Beacon = z.object({
  /** Sequence number within the session, from 0; the highest one is the newest. */
  sn: z.int().nonnegative().max(1e6),
  /** Client's clock, milliseconds since the epoch. */
  ts: z.number().nonnegative(),
  /** Milliseconds since the session began, monotonic. */
  mono: Ms,
  state: PlayerState,
  /** Playhead, seconds. */
  position: z.number().nonnegative().max(1e6),
  /** Playback was asked for (a click, or autoplay). */
  attempted: z.boolean(),
  /** Play intent to first frame; absent before the first frame. */
  startup: Ms.optional(),
  playing: Ms,
  stall: Ms,
  stalls: Count,
  seek: Ms,
  seeks: Count,
  pause: Ms,
  /**
   * Milliseconds since the session began at which it last was starting, playing, stalled or seeking: until when the viewer was there, without
   * the hours in which a page is left open. Startup, playing, stall and seek together unless told.
   */
  active: Ms.optional(),
  /** `decoded` includes those that were then dropped (`totalVideoFrames` of the Media Playback Quality API). */
  frames: z.object({ decoded: Count, dropped: Count }).optional(),
  /** Rendition id to milliseconds played in it. */
  rungs: z.record(z.string().regex(/^[av]\d{1,5}$/), Ms).default({}),
  switches: z.object({ up: Count, down: Count }).default({ up: 0, down: 0 }),
  /** Time-weighted sum (ms × factor) and maximum of how far the picture was enlarged beyond its rendition. */
  upscale: z.object({ sum: z.number().nonnegative().max(1e12), max: z.number().nonnegative().max(100) }).optional(),
  errors: z
    .array(z.object({ id: z.string().max(40), code: z.string().max(60), fatal: z.boolean(), mono: Ms }))
    .max(50)
    .default([]),
  /** The k-th stretch of uninterrupted playback: media seconds [from, to] on a grid of 0.1 s, k from 0, at most 128. */
  runs: z
    .record(z.string().regex(/^\d{1,3}$/), z.tuple([z.number().nonnegative(), z.number().nonnegative()]))
    .default({}),
  /** Plays of each hundredth of the video by runs after the 128th. */
  overflow: z.record(z.string().regex(/^\d{1,2}$/), Count).default({}),
  /** Repeat them until a beacon that had them was answered with 202. */
  dimensions: Dimensions.optional(),
});
export type Beacon = z.output<typeof Beacon>;
export type BeaconInput = z.input<typeof Beacon>;
