import { type Redis } from '@kinora/jobs';
import { type Lock, type Locker } from '@tus/server';
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { TusProtocolError } from '../tus/protocol-error';

export interface RedisLockerOptions {
  /** For commands. */
  readonly redis: Redis;
  /** Milliseconds until the lock of a dead process lapses; renewed at a third of it. */
  readonly ttlMs?: number;
  /** Milliseconds to wait for a lock. */
  readonly waitMs?: number;
}

const CHANNEL = 'kinora:tus:locks';
const keyOf = (id: string): string => `kinora:tus:lock:${id}`;
const RENEW =
  "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) else return 0 end";
const RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";
/** Locked (RFC 4918); tus clients try again on it. */
const locked = { status_code: 423, body: 'The upload is in use by another request\n' };

/**
 * Locks for tus uploads that hold across replicas. Who wants a lock that is taken asks its holder, by publish and subscribe, to let go: a
 * half-open connection, whose client has long come back on another one, would otherwise keep the upload for minutes. Losing a lock
 * (Redis emptied, process paused) is treated like being asked. Correctness does not hang on it: what is written is named by its offset.
 */
export class RedisLocker implements Locker {
  readonly #redis: Redis;
  readonly #subscriber: Redis;
  readonly #ttlMs: number;
  readonly #waitMs: number;
  /** `ask:{id}`: somebody wants the lock; `free:{id}`: it was let go. */
  readonly #news = new EventEmitter().setMaxListeners(0);
  readonly #subscribed: Promise<unknown>;

  constructor({ redis, ttlMs = 10_000, waitMs = 15_000 }: RedisLockerOptions) {
    this.#redis = redis;
    this.#ttlMs = ttlMs;
    this.#waitMs = waitMs;
    this.#subscriber = redis.duplicate();
    this.#subscriber.on('message', (_channel, message) => void this.#news.emit(message));
    // A lost connection shows on the other one too, and the subscription comes back with it.
    this.#subscriber.on('error', () => undefined);
    this.#subscribed = this.#subscriber.subscribe(CHANNEL).catch(() => undefined);
  }

  newLock(id: string): Lock {
    const token = randomUUID();
    let letGo: (() => void) | undefined;
    return {
      lock: async (signal, requestRelease) => {
        await this.#acquire(id, token, signal);
        letGo = this.#hold(id, token, () => void requestRelease());
      },
      unlock: async () => {
        letGo?.();
        await this.#redis.eval(RELEASE, 1, keyOf(id), token);
        await this.#redis.publish(CHANNEL, `free:${id}`);
      },
    };
  }

  async close(): Promise<void> {
    await this.#subscribed;
    this.#subscriber.disconnect();
  }

  async #acquire(id: string, token: string, signal: AbortSignal): Promise<void> {
    await this.#subscribed;
    const deadline = Date.now() + this.#waitMs;
    while (!signal.aborted && Date.now() < deadline) {
      const news = this.#freed(id, Math.min(500, deadline - Date.now()), signal);
      if ((await this.#redis.set(keyOf(id), token, 'PX', this.#ttlMs, 'NX')) === 'OK') return news.forget();
      await this.#redis.publish(CHANNEL, `ask:${id}`);
      await news.heard;
    }
    throw new TusProtocolError(locked);
  }

  /** Settles when the lock was let go, and at the latest after `ms`: messages may be lost. */
  #freed(id: string, ms: number, signal: AbortSignal): { heard: Promise<void>; forget(): void } {
    let forget = (): void => undefined;
    const heard = new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#news.off(`free:${id}`, done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#news.on(`free:${id}`, done);
      signal.addEventListener('abort', done);
      forget = done;
    });
    return { heard, forget };
  }

  /** Renews the lock and listens for those who want it. Returns what ends both. */
  #hold(id: string, token: string, requestRelease: () => void): () => void {
    const renew = async (): Promise<void> => {
      if ((await this.#redis.eval(RENEW, 1, keyOf(id), token, this.#ttlMs)) !== 1) requestRelease();
    };
    const timer = setInterval(() => void renew().catch(() => undefined), this.#ttlMs / 3);
    this.#news.on(`ask:${id}`, requestRelease);
    return () => {
      clearInterval(timer);
      this.#news.off(`ask:${id}`, requestRelease);
    };
  }
}
