import { BoxError, readHeader, viewOf } from '../cmaf/boxes';

/** Reads bytes of a file; fewer than `length` only at its end. */
export type ReadAt = (start: number, length: number) => Promise<Uint8Array>;

/** Reads numbers here and there in a file, some kilobytes at a time. */
export interface FileView {
  readonly size: number;
  /** @throws BoxError at the end of the file */
  view(at: number, length: number): Promise<DataView>;
}

/** A part of a file, `end` excluded. */
export interface Span {
  readonly at: number;
  readonly end: number;
}

/** Where a box lies in the file. */
export interface Place extends Span {
  readonly type: string;
  readonly body: number;
}

const WINDOW = 4_096;
/** Top-level boxes before the index; writers put a handful there. */
const MOST_BOXES = 64;
/** Of a larger one before the index, a reader wants no more than the header. */
const SMALL_BOX = 65_536;
/** An index up to this size is read whole rather than table by table. */
const SMALL_INDEX = 256 * 1024;

export function createFileView(read: ReadAt, size: number): FileView {
  let start = 0;
  let held = new Uint8Array(0);
  return {
    size,
    async view(at, length) {
      if (at < start || at + length > start + held.byteLength) {
        held = new Uint8Array(await read(at, Math.min(size - at, Math.max(WINDOW, length))));
        start = at;
      }
      if (at + length > start + held.byteLength) throw new BoxError('a box is cut short');
      return viewOf(held.subarray(at - start, at - start + length));
    },
  };
}

export const bytesOf = ({ buffer, byteOffset, byteLength }: DataView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

async function* placesIn(file: FileView, start: number, end: number): AsyncGenerator<Place> {
  for (let at = start; at + 8 <= end;) {
    const header = readHeader(bytesOf(await file.view(at, Math.min(16, end - at))));
    const next = at + (header?.size ?? 0);
    if (!header || next > end) throw new BoxError('a box is cut short');
    yield { type: header.type, at, body: at + header.headerBytes, end: next };
    at = next;
  }
}

/** The boxes in a box. */
export const within = (file: FileView, { body, end }: Place): AsyncGenerator<Place> => placesIn(file, body, end);

/** The first box at the end of a path below `place`. */
export async function find(file: FileView, place: Place | undefined, ...path: string[]): Promise<Place | undefined> {
  let found = place;
  for (const type of path) {
    const outer = found;
    found = undefined;
    for await (const one of outer ? within(file, outer) : []) if (one.type === type) found ??= one;
  }
  return found;
}

export interface Index {
  readonly moov: Place;
  /** Its tracks, in order: ffmpeg numbers its streams so. */
  readonly traks: readonly Place[];
  /** What a reader sees on the way to it. */
  readonly before: readonly Span[];
  /** Ticks a second of what is told of the whole, such as edits. */
  readonly timescale: number;
  /** Whether the file is QuickTime's rather than ISO's. */
  readonly quickTime: boolean;
}

/**
 * The index of an MP4 or QuickTime file.
 * @returns undefined if there is none, or none that tells all: of fragmented files
 * @throws BoxError if it is damaged
 */
export async function findIndex(file: FileView): Promise<Index | undefined> {
  let quickTime = true;
  let moov: Place | undefined;
  const before: Span[] = [];
  for await (const place of placesIn(file, 0, file.size)) {
    const { type, at, body, end } = place;
    if (type === 'moov') {
      moov = place;
      break;
    }
    if (type === 'ftyp') quickTime = (await file.view(body, 4)).getUint32(0) === 0x71742020; // 'qt  '
    before.push({ at, end: end - at > SMALL_BOX ? body : end });
    if (before.length === MOST_BOXES) break;
  }
  if (!moov) return undefined;
  if (moov.end - moov.at <= SMALL_INDEX) await file.view(moov.at, moov.end - moov.at);
  const mvhd = await find(file, moov, 'mvhd');
  if (!mvhd || (await find(file, moov, 'mvex'))) return undefined;
  const traks: Place[] = [];
  for await (const one of within(file, moov)) if (one.type === 'trak') traks.push(one);
  return { moov, traks, before, timescale: await timescaleOf(file, mvhd), quickTime };
}

/** Ticks a second, as an `mvhd` or `mdhd` tells. */
export async function timescaleOf(file: FileView, header: Place): Promise<number> {
  const wide = (await file.view(header.body, 1)).getUint8(0) === 1;
  return (await file.view(header.body + (wide ? 20 : 12), 4)).getUint32(0);
}

/** The tables of a track, by type. */
export async function tablesOf(file: FileView, trak: Place): Promise<Map<string, Place>> {
  const stbl = await find(file, trak, 'mdia', 'minf', 'stbl');
  const tables = new Map<string, Place>();
  for await (const table of stbl ? within(file, stbl) : []) tables.set(table.type, table);
  return tables;
}

export interface Edit {
  readonly mediaTime: number;
  /** In ticks of the track; Infinity where it isn't said. */
  readonly duration: number;
}

/** The one edit of a track, after any pause before it; undefined for what has more (those play parts of the media in turns). */
export async function editOf(
  file: FileView,
  trak: Place,
  movieTimescale: number,
  timescale: number,
): Promise<Edit | undefined> {
  const elst = await find(file, trak, 'edts', 'elst');
  if (!elst) return { mediaTime: 0, duration: Number.POSITIVE_INFINITY };
  const view = await file.view(elst.body, elst.end - elst.body);
  const wide = view.getUint8(0) === 1;
  const entries = Array.from({ length: view.getUint32(4) }, (_, n) => {
    const at = 8 + n * (wide ? 20 : 12);
    return wide
      ? {
          duration: Number(view.getBigUint64(at)),
          mediaTime: Number(view.getBigInt64(at + 8)),
          rate: view.getInt16(at + 16),
        }
      : { duration: view.getUint32(at), mediaTime: view.getInt32(at + 4), rate: view.getInt16(at + 8) };
  }).filter(({ mediaTime }) => mediaTime >= 0);
  const [edit, second] = entries;
  if (!edit || second || edit.rate !== 1) return undefined;
  const duration = edit.duration > 0 ? (edit.duration * timescale) / movieTimescale : Number.POSITIVE_INFINITY;
  return { mediaTime: edit.mediaTime, duration };
}

/** Offsets of chunks (§8.7.5): `stco` or `co64`. */
export interface Offsets {
  readonly table: Place;
  readonly count: number;
  readonly bytesEach: 4 | 8;
  at(n: number): Promise<number>;
}

export async function offsetsOf(file: FileView, tables: ReadonlyMap<string, Place>): Promise<Offsets | undefined> {
  const wide = tables.get('co64');
  const table = wide ?? tables.get('stco');
  if (!table) return undefined;
  const bytesEach = wide ? 8 : 4;
  return {
    table,
    bytesEach,
    count: (await file.view(table.body + 4, 4)).getUint32(0),
    async at(n) {
      const entry = await file.view(table.body + 8 + n * bytesEach, bytesEach);
      return wide ? Number(entry.getBigUint64(0)) : entry.getUint32(0);
    },
  };
}
