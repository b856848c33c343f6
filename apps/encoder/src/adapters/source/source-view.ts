import { type Patch } from '@kinora/media';
import { type ObjectStore } from '@kinora/storage';
import { type BlockCache, type SourceObject } from './block-cache';
import { type FetchOptions, fetchRange } from './fetch-range';

/** A source as ffmpeg sees it. */
export interface SourceView {
  /** Another for every object, every version of its bytes, and every way of seeing them. */
  readonly name: string;
  readonly size: number;
  /** Bytes from `start` on, one at least, `end` (included) being the last at most. */
  piece(start: number, end: number): Promise<Buffer>;
}

const nameOf = ({ key, etag }: SourceObject): string => `${key}\n${etag}`;

/** Through blocks that others use too. */
export const cachedView = (cache: BlockCache, object: SourceObject): SourceView => ({
  name: nameOf(object),
  size: object.size,
  async piece(start, end) {
    const index = Math.floor(start / cache.blockBytes);
    const at = index * cache.blockBytes;
    return (await cache.block(object, index)).subarray(start - at, end - at + 1);
  },
});

/** The longest piece of what is no block. */
export const LONGEST_PIECE = 256 * 1024;

/** From a store where reading twice costs nothing. */
export const directView = (
  store: Pick<ObjectStore, 'get'>,
  object: SourceObject,
  options: FetchOptions,
): SourceView => ({
  name: nameOf(object),
  size: object.size,
  piece: (start, end) =>
    fetchRange(store, object.key, object.etag, { start, end: Math.min(end, start + LONGEST_PIECE - 1) }, options),
});

/** All bytes from `start` to `end`, or to the end of the source. */
export async function readAll(view: SourceView, start: number, end: number): Promise<Buffer> {
  const last = Math.min(end, view.size - 1);
  const pieces: Buffer[] = [];
  for (let at = start; at <= last;) {
    const piece = await view.piece(at, last);
    pieces.push(piece);
    at += piece.length;
  }
  return Buffer.concat(pieces);
}

/**
 * The same but for some parts. What is replaced is not read.
 * @param as names the replacement
 * @param patches in order, apart from each other
 */
export function patchedView(view: SourceView, as: string, patches: readonly Patch[]): SourceView {
  return {
    name: `${view.name}\n${as}`,
    size: view.size,
    async piece(start, end) {
      const next = patches.find(({ at, length }) => at + length > start);
      if (!next || next.at > end) return view.piece(start, end);
      if (next.at > start) return view.piece(start, next.at - 1);
      const piece = Buffer.alloc(Math.min(end + 1, next.at + next.length, start + LONGEST_PIECE) - start);
      piece.set(next.bytes.subarray(start - next.at, start - next.at + piece.length));
      return piece;
    },
  };
}
