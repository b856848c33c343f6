import { DomainError } from '@kinora/contracts-common';
import { Redis } from 'ioredis';
import { type RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { createHash } from 'node:crypto';
import { type RedisReply, RedisStore } from 'rate-limit-redis';
import { type Limit, type LimitOptions } from '../../routes/limit';

export interface RateLimitOptions {
  readonly redisUrl: string;
  readonly windowSeconds: number;
  readonly perIp: number;
  readonly perEmail: number;
  readonly onMishap: (error: unknown, what?: string) => void;
}

export interface RateLimits {
  readonly on: Limit;
  ping(): Promise<unknown>;
  close(): Promise<void>;
}

const emailOf = (body: unknown): string | undefined =>
  typeof body === 'object' && body !== null && 'email' in body && typeof body.email === 'string'
    ? body.email.trim().toLowerCase()
    : undefined;

/** Counters in Redis, shared by all replicas. Without Redis people can still sign in: Cognito has limits of its own. */
export function createRateLimits({ redisUrl, windowSeconds, perIp, perEmail, onMishap }: RateLimitOptions): RateLimits {
  // Unlike the queues' connection, this one gives up at once, so that a request never hangs on a counter.
  const redis = new Redis(redisUrl, {
    maxRetriesPerRequest: 1,
    commandTimeout: 500,
    connectTimeout: 2_000,
    retryStrategy: (attempt) => Math.min(100 * 2 ** attempt, 2_000),
  });
  redis.on('error', (error) => onMishap(error, 'counting attempts'));

  const limiter = (
    operation: string,
    kind: 'ip' | 'email',
    limit: number,
    { failuresOnly = false, account = emailOf }: LimitOptions,
  ): RequestHandler =>
    rateLimit({
      windowMs: windowSeconds * 1_000,
      limit,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      identifier: `${operation}-${kind}`,
      passOnStoreError: true,
      logger: { error: onMishap, warn: onMishap },
      skipSuccessfulRequests: failuresOnly,
      // Who is asked for the next step has taken this one.
      requestWasSuccessful: (_req, res) => res.statusCode < 400 || res.locals['stepTaken'] === true,
      store: new RedisStore({
        prefix: `kinora:auth:limit:${operation}:${kind}:`,
        sendCommand: (command: string, ...args: string[]) => redis.call(command, ...args) as Promise<RedisReply>,
      }),
      skip: (req) => kind === 'email' && account(req.body) === undefined,
      keyGenerator: (req) =>
        kind === 'ip'
          ? ipKeyGenerator(req.ip ?? '')
          : createHash('sha256')
              .update(account(req.body) ?? '')
              .digest('base64url'),
      handler: (_req, _res, next) =>
        next(new DomainError('rate_limited', 'auth.rate_limited', 'Too many attempts. Try again later.')),
    });

  return {
    on: (operation, options = {}) => [
      limiter(operation, 'ip', perIp, options),
      limiter(operation, 'email', perEmail, options),
    ],
    ping: () => redis.ping(),
    close: async () => redis.disconnect(),
  };
}
