import { type ObjectStore, StoreError } from '@kinora/storage';
import { type FoundSidecar, type WatchedBucket } from '../../domain/arrivals/ports';
import { SIDECAR_BYTES, readSidecar } from './sidecar';

const sidecarKey = (key: string): string => `${key}.json`;
const isGone = (error: unknown): boolean => error instanceof StoreError && error.code === 'store.not_found';

/** `foreign`: staging under the names that people chose. */
export const createWatchedBucket = (foreign: ObjectStore, raw: ObjectStore): WatchedBucket => ({
  head: (key) => foreign.head(key),
  async sidecarOf(key): Promise<FoundSidecar> {
    try {
      const { body, totalSize } = await foreign.get(sidecarKey(key), { range: { start: 0, end: SIDECAR_BYTES - 1 } });
      const bytes = Buffer.concat((await body.toArray()) as Buffer[]);
      return totalSize > SIDECAR_BYTES ? { problem: 'watch.sidecar_too_large' } : readSidecar(bytes);
    } catch (error) {
      if (isGone(error)) return {};
      // An empty object has no range.
      if (error instanceof StoreError && error.code === 'store.range_not_satisfiable')
        return { problem: 'watch.sidecar_invalid' };
      throw error;
    }
  },
  async copyToRaw(key, rawKey) {
    try {
      await raw.copyFrom(foreign, key, rawKey);
      return true;
    } catch (error) {
      if (isGone(error)) return false;
      throw error;
    }
  },
  async remove(key, etag) {
    const object = await foreign.head(key);
    if (object?.etag.replace(/^"|"$/g, '') === etag) await foreign.delete(key);
  },
  removeSidecarOf: (key) => foreign.delete(sidecarKey(key)),
});
