import { BoxError, type BoxHeader, readHeader } from '@kinora/media';
import { type ObjectStore } from '@kinora/storage';
import { buffer } from 'node:stream/consumers';

/** A larger one belongs to a film of days, or to an attack. */
const LARGEST = 64 * 1024 ** 2;
/** Top-level boxes before it; writers put a handful there. */
const MOST_BOXES = 64;

/** The body of the `moov` of an MP4 or QuickTime file, found by its top-level boxes; undefined if it isn't there or too large. */
export async function readMoov(raw: ObjectStore, key: string, size: number): Promise<Uint8Array | undefined> {
  const read = async (start: number, end: number): Promise<Uint8Array> =>
    buffer((await raw.get(key, { range: { start, end: Math.min(end, size) - 1 } })).body);
  let at = 0;
  for (let n = 0; n < MOST_BOXES && at + 8 <= size; n += 1) {
    let header: BoxHeader | undefined;
    try {
      header = readHeader(await read(at, at + 16));
    } catch (error) {
      if (error instanceof BoxError) return undefined;
      throw error;
    }
    if (!header) return undefined;
    if (header.type === 'moov')
      return header.size > LARGEST ? undefined : read(at + header.headerBytes, at + header.size);
    at += header.size;
  }
  return undefined;
}
