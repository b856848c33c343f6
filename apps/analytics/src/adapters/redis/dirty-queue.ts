import { type Redis } from '@kinora/jobs';
import { type DirtyHour, type DirtyQueue } from '../../domain/ports';

const QUEUE = 'analytics:dirty';
const memberOf = ({ videoId, hour }: DirtyHour): string => `${videoId}#${hour}`;
const lockOf = (dirty: DirtyHour): string => `analytics:rollup:${memberOf(dirty)}`;

export const createDirtyQueue = (redis: Redis): DirtyQueue => ({
  async add(dirty, dueAt) {
    await redis.zadd(QUEUE, 'LT', dueAt, memberOf(dirty));
  },
  async take(now) {
    for (;;) {
      const [member] = await redis.zrangebyscore(QUEUE, '-inf', now, 'LIMIT', 0, 1);
      if (member === undefined) return undefined;
      // Whoever removes it has it.
      if ((await redis.zrem(QUEUE, member)) === 0) continue;
      const [videoId = '', hour = ''] = member.split('#');
      return { videoId, hour };
    }
  },
  async lock(dirty, ms) {
    const key = lockOf(dirty);
    if ((await redis.set(key, '1', 'PX', ms, 'NX')) === 'OK') return { locked: true };
    return { locked: false, retryMs: Math.max(1, await redis.pttl(key)) };
  },
  async unlock(dirty, pauseMs) {
    await redis.pexpire(lockOf(dirty), Math.max(1, Math.round(pauseMs)));
  },
});
