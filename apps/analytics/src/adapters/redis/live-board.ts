import { type Redis } from '@kinora/jobs';
import { type LiveBoard } from '../../domain/ports';

const keyOf = (videoId: string): string => `analytics:live:${videoId}`;
/** Longer than any session stays without a beacon. */
const KEEP_MS = 120_000;

/** One sorted set per video: sessions by the time until which they count as present. */
export const createLiveBoard = (redis: Redis): LiveBoard => ({
  async set(videoId, sessionId, presentUntil) {
    const key = keyOf(videoId);
    if (presentUntil === undefined) await redis.zrem(key, sessionId);
    else await redis.pipeline().zadd(key, presentUntil, sessionId).pexpire(key, KEEP_MS).exec();
  },
  async count(videoIds, now) {
    const pipeline = redis.pipeline();
    for (const videoId of videoIds) {
      pipeline.zremrangebyscore(keyOf(videoId), '-inf', now);
      pipeline.zcard(keyOf(videoId));
    }
    const answers = (await pipeline.exec()) ?? [];
    return videoIds.map((_, i) => {
      const [error, present] = answers[2 * i + 1] ?? [];
      if (error) throw error;
      return Number(present ?? 0);
    });
  },
  async forget(videoId) {
    await redis.del(keyOf(videoId));
  },
});
