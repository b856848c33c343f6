import { LRUCache } from 'lru-cache';
import { type HourMarks, type VideoStore } from './ports';

/** @param issuedAt when that was so, in seconds since the epoch: what is older does not count */
export type LearnDuration = (videoId: string, durationMs: number | null, issuedAt: number) => Promise<void>;

/**
 * Learns a video's duration from session tokens, and from the end of its encoding: who watches one that still grows may be its only
 * viewer for a long time. When it changes (at first it is unknown: the video is still encoding), every hour of the
 * video is marked, because coverage and retention depend on it.
 */
export function createDurations({ videos, marks }: { videos: VideoStore; marks: HourMarks }): LearnDuration {
  const known = new LRUCache<string, number>({ max: 5_000, ttl: 60_000 });

  const spread = async (videoId: string): Promise<void> => {
    for (const hour of await marks.ofVideo(videoId)) await marks.mark({ videoId, hour });
  };

  return async (videoId, durationMs, issuedAt) => {
    if (durationMs === null || known.get(videoId) === durationMs) return;
    const stored = await videos.duration(videoId);
    if (stored && stored.durationMs !== durationMs && stored.issuedAt >= issuedAt) return;
    // Written before the hours are marked, and once more after: whoever finds it half done does it again.
    const changed = stored?.durationMs !== durationMs;
    if (changed && !(await videos.setDuration(videoId, { durationMs, issuedAt, spread: false }))) return;
    if (changed || !stored.spread) {
      await spread(videoId);
      await videos.setDuration(videoId, {
        durationMs,
        issuedAt: Math.max(issuedAt, stored?.issuedAt ?? 0),
        spread: true,
      });
    }
    known.set(videoId, durationMs);
  };
}

/**
 * Learns from the end of an encoding. Its event may come after that of the deletion, or again a week later: nothing stays of a video
 * that is gone.
 */
export const createHearReady =
  ({ videos, learnDuration }: { videos: VideoStore; learnDuration: LearnDuration }) =>
  async (videoId: string, durationMs: number, issuedAt: number): Promise<void> => {
    if (await videos.isGone(videoId)) return;
    await learnDuration(videoId, durationMs, issuedAt);
    // Deleted in between, it was buried before what is written now could be purged.
    if (await videos.isGone(videoId)) await videos.purge(videoId);
  };
