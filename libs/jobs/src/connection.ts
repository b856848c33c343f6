import { Redis } from 'ioredis';

export { Redis } from 'ioredis';

/** A connection that waits for Redis to come back instead of failing calls; BullMQ's workers need that. */
export const createRedis = (url: string): Redis =>
  new Redis(url, {
    maxRetriesPerRequest: null,
    enableReadyCheck: true,
    retryStrategy: (attempt) => Math.min(100 * 2 ** attempt, 2_000),
  });
