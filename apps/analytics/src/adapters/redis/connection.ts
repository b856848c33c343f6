import { Redis } from '@kinora/jobs';

/** A connection for what may be lost: while Redis is away a call fails at once instead of waiting. */
export const createImpatientRedis = (url: string): Redis =>
  new Redis(url, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    lazyConnect: true,
    retryStrategy: (attempt) => Math.min(100 * 2 ** attempt, 2_000),
  });
