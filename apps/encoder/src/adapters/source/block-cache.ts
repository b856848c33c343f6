import { type ObjectStore } from '@kinora/storage';
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type FetchOptions, fetchRange } from './fetch-range';

/** An object at one version of its bytes. */
export interface SourceObject {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
}

export interface BlockCacheOptions extends Omit<FetchOptions, 'signal'> {
  readonly store: Pick<ObjectStore, 'get'>;
  /** Where blocks are kept; emptied when the cache is closed. */
  readonly folder: string;
  readonly blockBytes?: number;
  /** Bytes on the disk at most; the blocks used longest ago go first. */
  readonly maxBytes?: number;
}

export interface BlockCache {
  readonly blockBytes: number;
  /** A block, from the disk or the store. Who asks for one that is on its way waits for it with the others. */
  block(object: SourceObject, index: number): Promise<Buffer>;
  close(): Promise<void>;
}

const MIB = 1024 ** 2;

/** Blocks of sources on the local disk, shared by all jobs of this process: neighbouring chunks of a video read much the same. */
export function createBlockCache(options: BlockCacheOptions): BlockCache {
  const { store, folder, blockBytes = 2 * MIB, maxBytes = 512 * MIB } = options;
  /** Sizes by name of the file, the one used longest ago first. */
  const kept = new Map<string, number>();
  const onTheWay = new Map<string, Promise<Buffer>>();
  const closing = new AbortController();
  let bytes = 0;

  const nameOf = ({ key, etag }: SourceObject, index: number): string =>
    `${createHash('sha256').update(`${key}\n${etag}`).digest('hex').slice(0, 24)}-${index}`;
  const fileOf = (name: string): string => path.join(folder, name);

  const forget = async (name: string): Promise<void> => {
    bytes -= kept.get(name) ?? 0;
    kept.delete(name);
    await rm(fileOf(name), { force: true });
  };

  const keep = async (name: string, block: Buffer): Promise<void> => {
    try {
      await writeFile(fileOf(name), block);
      kept.set(name, block.length);
      bytes += block.length;
      for (const oldest of kept.keys()) {
        if (bytes <= maxBytes) break;
        await forget(oldest);
      }
    } catch {
      // A full disk costs requests, not jobs; half a block must not be taken for one.
      await rm(fileOf(name), { force: true }).catch(() => undefined);
    }
  };

  const fetch = async (object: SourceObject, index: number, name: string): Promise<Buffer> => {
    const start = index * blockBytes;
    const end = Math.min(object.size, start + blockBytes) - 1;
    const fetching = { ...options, signal: closing.signal };
    const block = await fetchRange(store, object.key, object.etag, { start, end }, fetching);
    await keep(name, block);
    return block;
  };

  return {
    blockBytes,
    async block(object, index) {
      const name = nameOf(object, index);
      const size = kept.get(name);
      if (size !== undefined) {
        kept.delete(name);
        kept.set(name, size);
        const block = await readFile(fileOf(name)).catch(() => undefined);
        if (block?.length === size) return block;
        // Forgotten meanwhile, or somebody cleared the disk.
        if (kept.has(name)) await forget(name);
      }
      const known = onTheWay.get(name) ?? fetch(object, index, name).finally(() => onTheWay.delete(name));
      onTheWay.set(name, known);
      return known;
    },
    async close() {
      closing.abort(new Error('the encoder stops'));
      await Promise.allSettled(onTheWay.values());
      await rm(folder, { recursive: true, force: true });
    },
  };
}
