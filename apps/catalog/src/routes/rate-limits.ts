import { DomainError } from '@kinora/contracts-common';
import { type Redis } from '@kinora/jobs';
import { type Logger } from '@kinora/service';
import { type RequestHandler, Router } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { createHash } from 'node:crypto';
import { RedisStore } from 'rate-limit-redis';

export type RateLimits = Router;

/**
 * Sends a command. A script that can't be loaded while Redis is away is named by its hash all the same: the store keeps the first answer
 * for ever, and loads the script again when Redis says that it doesn't know it.
 */
const sender =
  (redis: Redis) =>
  (command: string, ...args: string[]): Promise<never> => {
    const sent = redis.call(command, ...args) as Promise<never>;
    if (command !== 'SCRIPT') return sent;
    return sent.catch(
      () =>
        createHash('sha1')
          .update(args[1] ?? '')
          .digest('hex') as never,
    );
  };

/** An unavailable counter is worth a line for who looks closely; that Redis is away is told elsewhere. */
const told = (logger: Logger) => ({
  warn: (err: unknown) => logger.debug({ err }, 'rate limit'),
  error: (err: unknown) => logger.debug({ err }, 'rate limit'),
});

/**
 * Limits for what costs most (searches, grants), counted over all replicas, told in `RateLimit` and `RateLimit-Policy`
 * (draft-ietf-httpapi-ratelimit-headers). Without Redis there is no limit rather than no service.
 * @param redis a connection that fails at once instead of waiting for Redis to come back
 */
export function createRateLimits(redis: Redis, perMinute: number, logger: Logger): RateLimits {
  const limit = (name: string): RequestHandler =>
    rateLimit({
      windowMs: 60_000,
      limit: perMinute,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      identifier: name,
      passOnStoreError: true,
      logger: told(logger),
      keyGenerator: (req) => ipKeyGenerator(req.ip ?? '0.0.0.0'),
      handler: (_req, _res, next) =>
        next(new DomainError('rate_limited', 'request.rate_limited', 'Too many requests; try again in a minute.')),
      store: new RedisStore({
        prefix: `kinora:catalog:rate:${name}:`,
        sendCommand: sender(redis),
      }),
    });
  const router = Router();
  router.get(['/v1/search', '/v1/search/suggest'], limit('search'));
  router.post('/v1/videos/:videoId/playback', limit('playback'));
  return router;
}
