import { boxesIn, readHeader, BoxError } from '../cmaf/boxes';
import { readFragment } from '../cmaf/fragment';
import { type InitFacts } from '../cmaf/init';
import { nameModifier } from './outputs';

/** Files of one output, by name within the job's folder. */
export interface OutputFiles {
  readonly init: string;
  /** In order. */
  readonly segments: readonly string[];
}

/** The name of the media playlist of a rendition among the files that a job wrote; undefined if there is none. */
export const playlistOf = (names: Iterable<string>, renditionId: string): string | undefined =>
  [...names].find((name) => name.endsWith(`${nameModifier(renditionId)}.m3u8`));

/** What a media playlist (RFC 8216 §4.3.3) lists. @throws if it isn't complete, or names files elsewhere */
export function readPlaylist(text: string): OutputFiles {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const init = lines.flatMap((line) => /^#EXT-X-MAP:(?:.*,)?URI="([^"]+)"/.exec(line)?.[1] ?? []);
  const segments = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const [first] = init;
  if (first === undefined || init.length > 1 || !lines.includes('#EXT-X-ENDLIST'))
    throw new Error('this is no complete playlist of CMAF segments with one header');
  const odd = [first, ...segments].find((name) => /[/\\?#%]/.test(name));
  if (odd !== undefined) throw new Error(`the playlist names ${odd}, which is elsewhere`);
  return { init: first, segments };
}

/** Reads `length` bytes of a segment from `start`, fewer at its end. */
export type ReadRange = (start: number, length: number) => Promise<Uint8Array>;

/** Enough for `styp`, `sidx` and the `moof` of two seconds of pictures. */
const FIRST_READ = 8 * 1024;
const MAX_MOOF = 4 * 1024 * 1024;

/**
 * When a segment begins and how long it lasts, by the boxes of its fragments; the media itself is not read.
 * @throws BoxError if it has no fragment, or one doesn't follow the one before it
 */
export async function measureSegment(
  init: InitFacts,
  size: number,
  read: ReadRange,
): Promise<{ startTicks: number; durationTicks: number }> {
  let at = 0;
  let startTicks: number | undefined;
  let endTicks = 0;
  while (at < size) {
    let bytes = await read(at, FIRST_READ);
    let offset = 0;
    // All boxes that begin in what was read; a `moof` is read whole, the rest is stepped over.
    while (offset < bytes.byteLength) {
      const header = readHeader(bytes.subarray(offset));
      if (!header) break;
      if (header.size > size - at - offset) throw new BoxError(`box ${header.type} is cut short`);
      if (header.type === 'moof') {
        if (header.size > MAX_MOOF) throw new BoxError('a moof is too large');
        if (offset + header.size > bytes.byteLength) {
          at += offset;
          offset = 0;
          bytes = await read(at, header.size);
        }
        const [moof] = boxesIn(bytes.subarray(offset, offset + header.size));
        if (!moof) throw new BoxError('a moof is cut short');
        const fragment = readFragment(moof, new Uint8Array(0), init);
        if (startTicks !== undefined && fragment.startTicks !== endTicks)
          throw new BoxError(`fragment starts at ${fragment.startTicks}, not at ${endTicks}`);
        startTicks ??= fragment.startTicks;
        endTicks = fragment.startTicks + fragment.durationTicks;
      }
      offset += header.size;
    }
    if (offset === 0) throw new BoxError('a box is cut short');
    at += offset;
  }
  if (startTicks === undefined || endTicks <= startTicks) throw new BoxError('a segment has no fragment');
  return { startTicks, durationTicks: endTicks - startTicks };
}
