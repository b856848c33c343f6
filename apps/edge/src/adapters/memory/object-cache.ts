import { isManifest } from '@kinora/delivery';
import { type ObjectInfo, type ObjectStore } from '@kinora/storage';
import { LRUCache } from 'lru-cache';
import { buffer } from 'node:stream/consumers';

/** An object at hand; without `body` it is too large to keep, and must be streamed from the store. */
export interface HeldObject {
  readonly info: ObjectInfo;
  readonly body?: Buffer;
}
export type CacheOutcome = 'hit' | 'miss' | 'revalidated' | 'large';

export interface ObjectCacheOptions {
  readonly store: ObjectStore;
  /** Bytes of memory for all objects together. */
  readonly maxBytes: number;
  /** Objects larger than this are never kept. */
  readonly maxObjectBytes: number;
  /** Monotonic milliseconds. */
  readonly clock?: () => number;
}

/** After this long an object is compared with the store: manifests may have grown; segments may have been deleted. */
const FRESH_MS = { manifest: 250, other: 600_000 };
const OVERHEAD = 1_024;

interface Entry extends HeldObject {
  readonly checkedAt: number;
}

/**
 * Hot objects of the distribution store in memory, least recently used first out, bounded in bytes. However many ask
 * for an object at once, the store is asked once. Knows nothing of who may read: that is decided before.
 */
export class ObjectCache {
  private readonly entries: LRUCache<string, Entry>;
  private readonly flights = new Map<string, Promise<HeldObject & { outcome: CacheOutcome }>>();
  private readonly clock: () => number;

  constructor(private readonly options: ObjectCacheOptions) {
    this.clock = options.clock ?? (() => performance.now());
    this.entries = new LRUCache({
      maxSize: Math.max(1, options.maxBytes),
      sizeCalculation: ({ body }) => OVERHEAD + (body?.length ?? 0),
    });
  }

  get bytes(): number {
    return this.entries.calculatedSize;
  }

  /** @throws StoreError, `store.not_found` among them; failures aren't kept. */
  async get(key: string): Promise<HeldObject & { outcome: CacheOutcome }> {
    const entry = this.entries.get(key);
    if (entry && this.clock() - entry.checkedAt < (isManifest(key) ? FRESH_MS.manifest : FRESH_MS.other)) {
      return { ...entry, outcome: entry.body ? 'hit' : 'large' };
    }
    let flight = this.flights.get(key);
    if (!flight) {
      flight = this.fetch(key, entry).finally(() => this.flights.delete(key));
      this.flights.set(key, flight);
    }
    return flight;
  }

  /** Forgets every object of a prefix: of a video that was taken down. */
  deletePrefix(prefix: string): void {
    for (const key of this.entries.keys()) if (key.startsWith(prefix)) this.entries.delete(key);
  }

  private async fetch(key: string, former: Entry | undefined): Promise<HeldObject & { outcome: CacheOutcome }> {
    // Taken before the store is asked: what is written while we read is found at the next look.
    const checkedAt = this.clock();
    if (former) {
      const info = await this.options.store.head(key);
      if (!info) this.entries.delete(key);
      if (info?.etag === former.info.etag)
        return this.keep(key, { ...former, checkedAt }, former.body ? 'revalidated' : 'large');
    }
    const { body, totalSize, range: _, ...facts } = await this.options.store.get(key);
    const info = { ...facts, size: totalSize };
    if (totalSize <= this.options.maxObjectBytes)
      return this.keep(key, { info, body: await buffer(body), checkedAt }, 'miss');
    body.destroy();
    return this.keep(key, { info, checkedAt }, 'large');
  }

  private keep(key: string, entry: Entry, outcome: CacheOutcome): HeldObject & { outcome: CacheOutcome } {
    this.entries.set(key, entry);
    return { ...entry, outcome };
  }
}
