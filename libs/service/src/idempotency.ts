import { DomainError } from '@kinora/contracts-common';
import { type Response } from 'express';
import { createHash } from 'node:crypto';

/** Remembers what a creating POST answered, per owner, endpoint and `Idempotency-Key`. */
export interface IdempotencyStore {
  /** Claims the key; when it is taken, what is known of it. A claim without an answer lapses after a minute. */
  claim(
    id: string,
    bodyHash: string,
  ): Promise<{ claimed: true } | { claimed: false; bodyHash: string; reply: unknown }>;
  /** Keeps the answer for a day. */
  keep(id: string, reply: unknown): Promise<void>;
  /** Gives the key back after a failure. */
  release(id: string): Promise<void>;
}

export type Idempotency = (
  call: { key: string; owner: string; endpoint: string; body: unknown },
  run: () => Promise<unknown>,
  res: Response,
) => Promise<unknown>;

const hash = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('base64url');

/** draft-ietf-httpapi-idempotency-key-header: the same key with another body is 422, while the first still runs 409, else the first answer. */
export const createIdempotency =
  (store: IdempotencyStore): Idempotency =>
  async ({ key, owner, endpoint, body }, run, res) => {
    if (key.length > 255)
      throw new DomainError('invalid', 'idempotency.key_invalid', 'Idempotency-Key is longer than 255 characters.');
    const id = hash([owner, endpoint, key]);
    const bodyHash = hash(body ?? null);
    const claim = await store.claim(id, bodyHash);
    if (!claim.claimed) {
      if (claim.bodyHash !== bodyHash)
        throw new DomainError(
          'unprocessable',
          'idempotency.key_reused',
          'This Idempotency-Key was used for another request.',
        );
      if (claim.reply === undefined || claim.reply === null)
        throw new DomainError(
          'conflict',
          'idempotency.in_progress',
          'The first request with this Idempotency-Key is still running.',
          { retryAfter: 1 },
        );
      res.setHeader('idempotency-replayed', 'true');
      return claim.reply;
    }
    try {
      const reply = await run();
      await store.keep(id, reply);
      return reply;
    } catch (error) {
      await store.release(id);
      throw error;
    }
  };
