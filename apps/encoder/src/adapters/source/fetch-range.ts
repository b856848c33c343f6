import { type ByteRange, ObjectNotFound, type ObjectStore, StoreError } from '@kinora/storage';
import { type Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

export interface FetchOptions {
  /** Milliseconds without a byte after which a request is given up: a slow store is waited for, a dead one isn't. @default 15 s */
  readonly idleMs?: number | undefined;
  /** Requests in a row that may bring nothing. @default 6 */
  readonly attempts?: number | undefined;
  readonly signal: AbortSignal;
  /** Told how many bytes have arrived. */
  readonly onBytes?: ((count: number) => void) | undefined;
}

/** The store sent nothing for too long. */
class Stalled extends Error {
  override name = 'Stalled';
}

/** Trying again doesn't help: there is no such object, or no such part of it. */
const isFinal = (error: unknown): boolean => error instanceof StoreError && error.code !== 'store.unavailable';

/** One request: what arrives until it ends, fails or stalls. */
async function receive(
  store: Pick<ObjectStore, 'get'>,
  key: string,
  etag: string,
  range: Extract<ByteRange, { start: number }>,
  { idleMs = 15_000, signal }: FetchOptions,
  onBytes: (bytes: Buffer) => void,
): Promise<void> {
  let body: Readable | undefined;
  const gone = new AbortController();
  const giveUp = (): void => {
    gone.abort(new Stalled(`the store sent nothing of ${key} for ${idleMs} ms`));
    body?.destroy(gone.signal.reason as Error);
  };
  let clock = setTimeout(giveUp, idleMs);
  const waited = new Promise<never>((_, reject) =>
    gone.signal.addEventListener('abort', () => reject(gone.signal.reason as Error), { once: true }),
  );
  try {
    const answer = store.get(key, { range });
    // An answer that comes when nobody waits for it any more.
    answer.then(({ body: late }) => gone.signal.aborted && late.destroy()).catch(() => undefined);
    const content = await Promise.race([answer, waited]);
    body = content.body;
    if (content.etag !== etag) {
      body.destroy();
      throw new ObjectNotFound(`${key} was replaced while it was read`);
    }
    const pieces = (body as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    for (;;) {
      // A body that was given up may never tell.
      const piece = await Promise.race([pieces.next(), waited]);
      signal.throwIfAborted();
      clearTimeout(clock);
      if (piece.done) return;
      clock = setTimeout(giveUp, idleMs);
      onBytes(piece.value);
    }
  } finally {
    clearTimeout(clock);
    body?.destroy();
    waited.catch(() => undefined);
  }
}

/** Reads a range of an object whole; what a failed request has brought is kept, and the rest is asked for. */
export async function fetchRange(
  store: Pick<ObjectStore, 'get'>,
  key: string,
  etag: string,
  { start, end }: { start: number; end: number },
  options: FetchOptions,
): Promise<Buffer> {
  const { attempts = 6 } = options;
  const pieces: Buffer[] = [];
  let length = 0;
  const wanted = end - start + 1;
  for (let failures = 0; length < wanted;) {
    const before = length;
    try {
      await receive(store, key, etag, { start: start + length, end }, options, (bytes) => {
        pieces.push(bytes);
        length += bytes.length;
        options.onBytes?.(bytes.length);
      });
      if (length === before) throw new Error(`the store sent nothing of ${key}`);
    } catch (error) {
      options.signal.throwIfAborted();
      if (isFinal(error)) throw error;
      // A request that brought something was no vain one.
      failures = length > before ? 1 : failures + 1;
      if (failures >= attempts) throw error;
      await sleep(100 * 2 ** failures * (0.5 + Math.random()), undefined, { signal: options.signal });
    }
  }
  return Buffer.concat(pieces);
}
