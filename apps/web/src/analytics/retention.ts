import { type VideoAnalytics } from '@kinora/contracts-analytics';

export interface RetentionPoint {
  /** Seconds into the video. */
  readonly at: number;
  /** Share of plays that covered this moment, 0–1. */
  readonly watched: number;
  /** Plays of this moment per play, replays included. */
  readonly replayed: number;
}

/** The curve from buckets. Empty while nobody has watched or the length is unknown. */
export function retentionCurve({ retention, totals }: Pick<VideoAnalytics, 'retention' | 'totals'>): RetentionPoint[] {
  const { bucketMs, sessions, plays } = retention;
  if (bucketMs <= 0 || totals.plays === 0) return [];
  return sessions.map((count, i) => ({
    at: (i * bucketMs) / 1000,
    watched: Math.min(1, count / totals.plays),
    replayed: (plays[i] ?? 0) / totals.plays,
  }));
}
