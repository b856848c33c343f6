import { Timestamp, VideoId, endpoint } from '@kinora/contracts-common';
import { z } from 'zod';
import { Beacon } from './beacon';

const ById = z.object({ videoId: VideoId });

const Percentiles = z
  .object({ p50: z.number(), p75: z.number(), p95: z.number() })
  .nullable()
  .describe('Milliseconds; null without data');

/** Definitions: docs/metrics.md. Times are milliseconds, ratios 0 to 1. */
export const Metrics = z
  .object({
    attempts: z.int(),
    plays: z.int(),
    views: z.int(),
    uniqueViewers: z.int(),
    playingMs: z.number(),
    watchMs: z.number(),
    coveredMs: z.number(),
    averageViewed: z.number().nullable().describe('Mean share of the video that a play covered'),
    finishRate: z.number().nullable(),
    startup: Percentiles,
    exitsBeforeStart: z.int(),
    rebufferRatio: z.number().nullable(),
    rebufferPerHour: z.number().nullable(),
    switchesUp: z.int(),
    switchesDown: z.int(),
    errors: z.int(),
    startFailures: z.int(),
    playbackFailures: z.int(),
    droppedFrameRatio: z.number().nullable(),
    rungMs: z.record(z.string(), z.number()),
    peakConcurrent: z.int(),
  })
  .meta({ id: 'Metrics' });
export type Metrics = z.output<typeof Metrics>;

export const VideoAnalytics = z
  .object({
    videoId: VideoId,
    from: Timestamp,
    to: Timestamp,
    interval: z.enum(['hour', 'day']),
    uniqueViewersMethod: z.enum(['account-or-device']),
    uniqueViewersExact: z
      .boolean()
      .optional()
      .describe('False: more than 2,000 viewers, counted with a standard error of 1.6 %'),
    updatedAt: Timestamp.nullable().describe('When the rollups were last computed'),
    totals: Metrics,
    series: z.array(
      z.object({
        start: Timestamp,
        attempts: z.int(),
        plays: z.int(),
        views: z.int(),
        uniqueViewers: z.int(),
        watchMs: z.number(),
        playingMs: z.number(),
        errors: z.int(),
        peakConcurrent: z.int(),
      }),
    ),
    retention: z.object({
      bucketMs: z.number().describe('Length of a bucket; 0 while the duration is unknown'),
      sessions: z.array(z.int()).describe('Per bucket: sessions that covered it'),
      plays: z.array(z.int()).describe('Per bucket: plays of it, replays included'),
    }),
    devices: z.record(z.string(), z.int()),
    browsers: z.record(z.string(), z.int()),
  })
  .meta({ id: 'VideoAnalytics' });
export type VideoAnalytics = z.output<typeof VideoAnalytics>;

/** One event of the live stream. Approximate: counted from beacons of the last seconds, replaced by the hour's rollup. */
export const LiveViewers = z.object({
  videoId: VideoId,
  viewers: z.int(),
  approximate: z.literal(true),
  at: Timestamp,
});
export type LiveViewers = z.output<typeof LiveViewers>;

export const analyticsContract = {
  postBeacons: endpoint({
    id: 'analytics.postBeacons',
    method: 'post',
    path: '/v1/beacons',
    access: 'public',
    summary: 'Report on a playback session; 410 tells the player to stop',
    body: z.object({ sessionToken: z.string().min(10).max(2000), beacons: z.array(Beacon).min(1).max(50) }),
    success: { status: 202, body: z.object({ accepted: z.int(), refused: z.int() }) },
    problems: ['session.invalid', 'session.ended'],
  }),
  getVideoAnalytics: endpoint({
    id: 'analytics.getVideoAnalytics',
    method: 'get',
    path: '/v1/videos/{videoId}/analytics',
    access: 'user',
    scope: 'analytics:read',
    summary: 'Numbers of a video between two times; the last 30 days unless told',
    params: ById,
    query: z.object({
      from: Timestamp.optional(),
      to: Timestamp.optional(),
      interval: z.enum(['hour', 'day']).optional(),
    }),
    success: { status: 200, body: VideoAnalytics },
    problems: ['video.not_found', 'analytics.range_invalid'],
  }),
  /** Server-sent events: `event: viewers`, data {@link LiveViewers}. Declared for the reference; the answer is a stream. */
  getLiveViewers: endpoint({
    id: 'analytics.getLiveViewers',
    method: 'get',
    path: '/v1/videos/{videoId}/analytics/live',
    access: 'user',
    scope: 'analytics:read',
    summary: 'Concurrent viewers as server-sent events, at most one a second',
    params: ById,
    success: { status: 200, body: LiveViewers },
    problems: ['video.not_found'],
  }),
} as const;
