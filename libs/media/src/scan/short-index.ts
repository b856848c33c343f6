import { BoxError, readHeader, viewOf } from '../cmaf/boxes';
import { editOf } from './mp4-tables';

/** Reads bytes of a file; fewer than `length` only at its end. */
export type ReadAt = (start: number, length: number) => Promise<Uint8Array>;

/** A part of a file that is read as something else. */
export interface Patch {
  readonly at: number;
  /** How long the part is. */
  readonly length: number;
  /** What it begins with; the rest of it, if any, is zeros. */
  readonly bytes: Uint8Array;
}

/** Where a box lies in the file. */
interface Place {
  readonly type: string;
  readonly at: number;
  readonly body: number;
  readonly end: number;
}

/** Reads numbers here and there, a few kilobytes at a time. */
interface FileView {
  readonly size: number;
  /** @throws BoxError at the end of the file */
  view(at: number, length: number): Promise<DataView>;
}

const WINDOW = 4_096;
/** Top-level boxes before the index; writers put a handful there. */
const MOST_BOXES = 64;
/** Of a larger one before the index, a reader wants no more than the header. */
const SMALL_BOX = 65_536;
/**
 * Samples that are kept after the last second: what an encoder puts into another order than that of showing, and the first after a
 * pause, which says how long the one before it lasts.
 */
const MORE_SAMPLES = 17;

function fileView(read: ReadAt, size: number): FileView {
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

async function* placesIn(file: FileView, start: number, end: number): AsyncGenerator<Place> {
  for (let at = start; at + 8 <= end;) {
    const { buffer, byteOffset, byteLength } = await file.view(at, Math.min(16, end - at));
    const header = readHeader(new Uint8Array(buffer, byteOffset, byteLength));
    const next = at + (header?.size ?? 0);
    if (!header || next > end) throw new BoxError('a box is cut short');
    yield { type: header.type, at, body: at + header.headerBytes, end: next };
    at = next;
  }
}

const within = (file: FileView, { body, end }: Place): AsyncGenerator<Place> => placesIn(file, body, end);

async function find(file: FileView, place: Place | undefined, ...path: string[]): Promise<Place | undefined> {
  let found = place;
  for (const type of path) {
    const outer = found;
    found = undefined;
    for await (const one of outer ? within(file, outer) : []) if (one.type === type) found ??= one;
  }
  return found;
}

/** The index, what a reader sees on the way to it, and whether the file is QuickTime's rather than ISO's. */
async function findIndex(file: FileView): Promise<{ moov: Place; before: Span[]; quickTime: boolean } | undefined> {
  let quickTime = true;
  const before: Span[] = [];
  for await (const place of placesIn(file, 0, file.size)) {
    const { type, at, body, end } = place;
    if (type === 'moov') return { moov: place, before, quickTime };
    if (type === 'ftyp') quickTime = (await file.view(body, 4)).getUint32(0) === 0x71742020; // 'qt  '
    before.push({ at, end: end - at > SMALL_BOX ? body : end });
    if (before.length === MOST_BOXES) return undefined;
  }
  return undefined;
}

/** Entries of a table of ISO/IEC 14496-12 §8.6 and §8.7, of so many 32-bit numbers each: version, flags, how many, and then they. */
async function* entriesOf(file: FileView, { body }: Place, numbers: number): AsyncGenerator<number[]> {
  const count = (await file.view(body + 4, 4)).getUint32(0);
  for (let n = 0; n < count; n += 1) {
    const entry = await file.view(body + 8 + 4 * numbers * n, 4 * numbers);
    // Signed, as offsets are; a count over 2^31 is none.
    yield Array.from({ length: numbers }, (_, at) => entry.getInt32(4 * at));
  }
}

/** A 32-bit number in place of another. */
function numberAt(at: number, value: number): Patch {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value);
  return { at, length: 4, bytes };
}

/** Free space (§8.1.2) in place of so many bytes. */
function freeAt(at: number, length: number): Patch {
  const bytes = new Uint8Array([...numberAt(at, length).bytes, ...new TextEncoder().encode('free')]);
  return { at, length, bytes };
}

/** A table cut short. `saved` counts bytes that need not be read. */
interface Cut {
  readonly patches: readonly Patch[];
  readonly saved: number;
}

/** A part of a file, `end` excluded. */
export interface Span {
  readonly at: number;
  readonly end: number;
}

/** An index that ends early. */
export interface ShortIndex {
  /** What is read in place of what, in order and apart from each other. */
  readonly patches: readonly Patch[];
  /** Bytes of the index that are not read. */
  readonly saved: number;
  /** All that a reader of the first seconds wants of the file, its boxes, index and samples; undefined if some track is left as it is. */
  readonly spans: readonly Span[] | undefined;
}

/** Ends a box after so many bytes of its body and makes free space of the rest; undefined where that has no room. */
function endAfter({ at, body, end }: Place, kept: number): Cut | undefined {
  const rest = end - body - kept;
  if (rest === 0) return { patches: [], saved: 0 };
  if (rest < 8 || body - at !== 8) return undefined;
  return { patches: [numberAt(at, 8 + kept), freeAt(body + kept, rest)], saved: rest };
}

/** Keeps the first entries of a table that counts them. */
function keepEntries(table: Place, entries: number, bytesEach: number): Cut | undefined {
  const cut = endAfter(table, 8 + entries * bytesEach);
  return cut && { ...cut, patches: [...cut.patches, numberAt(table.body + 4, entries)] };
}

/** Keeps the runs `[count, value]` of the first samples. */
async function keepRuns(file: FileView, table: Place, samples: number): Promise<(Cut & { least: number }) | undefined> {
  let before = 0;
  let runs = 0;
  let least = Number.POSITIVE_INFINITY;
  for await (const [count = 0, value = 0] of entriesOf(file, table, 2)) {
    runs += 1;
    least = Math.min(least, value);
    if (before + count >= samples) {
      const cut = keepEntries(table, runs, 8);
      const last = numberAt(table.body + 8 * runs, samples - before);
      return cut && { ...cut, patches: [...cut.patches, last], least };
    }
    before += count;
  }
  return undefined;
}

/** How many samples begin in so many ticks; undefined if the track has no more than these. */
async function samplesIn(file: FileView, stts: Place, ticks: number): Promise<number | undefined> {
  let samples = 0;
  let passed = 0;
  for await (const [count = 0, duration = 0] of entriesOf(file, stts, 2)) {
    const wanted = duration > 0 ? Math.ceil((ticks - passed) / duration) : count;
    if (wanted < count) return samples + Math.max(0, wanted);
    samples += count;
    passed += count * duration;
  }
  return undefined;
}

/** Where the first chunks lie, if they do before the next. */
async function spanOf(file: FileView, offsets: Place, chunks: number): Promise<Span | undefined> {
  const wide = offsets.type === 'co64';
  const offsetOf = async (n: number): Promise<number> => {
    const at = offsets.body + 8 + n * (wide ? 8 : 4);
    return wide ? Number((await file.view(at, 8)).getBigUint64(0)) : (await file.view(at, 4)).getUint32(0);
  };
  let at = Number.POSITIVE_INFINITY;
  let last = 0;
  for (let n = 0; n < chunks; n += 1) {
    const offset = await offsetOf(n);
    at = Math.min(at, offset);
    last = Math.max(last, offset);
  }
  const end = await offsetOf(chunks);
  return last < end ? { at, end } : undefined;
}

/** Whole chunks that hold these samples: how many, and the samples in them; undefined if they are all that there are. */
async function chunksOf(file: FileView, stsc: Place, chunks: number, samples: number) {
  let entries = 0;
  let held = 0;
  let [first, each] = [1, 0];
  const upTo = (next: number) => {
    const wanted = each > 0 ? Math.ceil((samples - held) / each) : Number.POSITIVE_INFINITY;
    const kept = first - 1 + wanted;
    return kept < next && kept < chunks ? { chunks: kept, samples: held + wanted * each, entries } : undefined;
  };
  for await (const [next = 0, its = 0] of entriesOf(file, stsc, 3)) {
    const found = upTo(next);
    if (found) return found;
    held += (next - first) * each;
    [first, each] = [next, its];
    entries += 1;
  }
  return upTo(chunks);
}

/**
 * Whether a reader makes the same of the times when it sees only the first of the offsets. It moves all times up by the most negative
 * of them (as ffmpeg does), so none further on may be below those that are kept.
 */
async function keepsShift(
  file: FileView,
  { ctts, cslg, least, quickTime }: { ctts: Place; cslg: Place | undefined; least: number; quickTime: boolean },
): Promise<boolean> {
  if (cslg) {
    const wide = (await file.view(cslg.body, 1)).getUint8(0) === 1;
    const at = cslg.body + (wide ? 12 : 8);
    const said = wide ? Number((await file.view(at, 8)).getBigInt64(0)) : (await file.view(at, 4)).getInt32(0);
    return Math.min(0, said) === Math.min(0, least);
  }
  return least >= 0 && !quickTime && (await file.view(ctts.body, 1)).getUint8(0) === 0;
}

const timescaleOf = async (file: FileView, header: Place): Promise<number> => {
  const wide = (await file.view(header.body, 1)).getUint8(0) === 1;
  return (await file.view(header.body + (wide ? 20 : 12), 4)).getUint32(0);
};

async function edits(file: FileView, trak: Place, movieTimescale: number, timescale: number) {
  const elst = await find(file, trak, 'edts', 'elst');
  if (!elst) return editOf(undefined, movieTimescale, timescale);
  const { buffer, byteOffset, byteLength } = await file.view(elst.body, elst.end - elst.body);
  return editOf(new Uint8Array(buffer, byteOffset, byteLength), movieTimescale, timescale);
}

const allOf = (cuts: readonly Cut[]): Cut => ({
  patches: cuts.flatMap(({ patches }) => patches),
  saved: cuts.reduce((sum, { saved }) => sum + saved, 0),
});

/** Whether a reader may want a track: pictures or sound. */
async function isMedia(file: FileView, trak: Place): Promise<boolean> {
  const hdlr = await find(file, trak, 'mdia', 'hdlr');
  // 'vide', 'soun'
  return hdlr !== undefined && [0x76696465, 0x736f756e].includes((await file.view(hdlr.body + 8, 4)).getUint32(0));
}

/** Cuts the tables of a track; undefined if it is left as it is. */
async function cutTrack(
  file: FileView,
  trak: Place,
  { movieTimescale, seconds, quickTime }: { movieTimescale: number; seconds: number; quickTime: boolean },
): Promise<(Cut & { media: Span | undefined }) | undefined> {
  const mdhd = await find(file, trak, 'mdia', 'mdhd');
  const stbl = await find(file, trak, 'mdia', 'minf', 'stbl');
  if (!mdhd || !stbl) return undefined;
  const tables = new Map<string, Place>();
  for await (const table of within(file, stbl)) tables.set(table.type, table);
  const [stts, stsc, stsz] = ['stts', 'stsc', 'stsz'].map((type) => tables.get(type));
  const offsets = tables.get('co64') ?? tables.get('stco');
  const timescale = await timescaleOf(file, mdhd);
  const edit = await edits(file, trak, movieTimescale, timescale);
  if (!stts || !stsc || !stsz || !offsets || !edit) return undefined;

  const wanted = await samplesIn(file, stts, seconds * timescale + edit.mediaTime);
  const chunkCount = (await file.view(offsets.body + 4, 4)).getUint32(0);
  const kept = wanted === undefined ? undefined : await chunksOf(file, stsc, chunkCount, wanted + MORE_SAMPLES);
  const sizes = await file.view(stsz.body + 4, 8);
  if (!kept || kept.samples > sizes.getUint32(4)) return undefined;

  const ofSizes = sizes.getUint32(0) === 0 ? endAfter(stsz, 12 + 4 * kept.samples) : { patches: [], saved: 0 };
  const cuts: (Cut | undefined)[] = [
    await keepRuns(file, stts, kept.samples),
    keepEntries(stsc, kept.entries, 12),
    ofSizes && { ...ofSizes, patches: [...ofSizes.patches, numberAt(stsz.body + 8, kept.samples)] },
    keepEntries(offsets, kept.chunks, offsets.type === 'co64' ? 8 : 4),
  ];
  const ctts = tables.get('ctts');
  if (ctts) {
    const cut = await keepRuns(file, ctts, kept.samples);
    if (!cut || !(await keepsShift(file, { ctts, cslg: tables.get('cslg'), least: cut.least, quickTime })))
      return undefined;
    cuts.push(cut);
  }
  const stss = tables.get('stss');
  if (stss) {
    let keys = 0;
    for await (const [sample = 0] of entriesOf(file, stss, 1)) {
      if (sample > kept.samples) break;
      keys += 1;
    }
    // Without an entry it would say that every sample is a key.
    if (keys === 0) return undefined;
    cuts.push(keepEntries(stss, keys, 4));
  }
  const sdtp = tables.get('sdtp');
  if (sdtp) cuts.push(endAfter(sdtp, 4 + kept.samples));
  if (!cuts.every((cut) => cut !== undefined)) return undefined;
  return { ...allOf(cuts), media: await spanOf(file, offsets, kept.chunks) };
}

/** What a reader wants: boxes, index, and media with the boxes that lead to it. */
function wanted(before: readonly Span[], moov: Span, media: readonly Span[]): Span[] {
  const at = Math.min(...media.map((span) => span.at));
  const end = Math.max(...media.map((span) => span.end));
  return [...before, { at: moov.at, end: moov.end }, { at: at > moov.end ? moov.end : at, end }];
}

async function shorten(file: FileView, seconds: number): Promise<ShortIndex | undefined> {
  const found = await findIndex(file);
  const mvhd = await find(file, found?.moov, 'mvhd');
  if (!found || !mvhd || (await find(file, found.moov, 'mvex'))) return undefined;
  const { moov, before, quickTime } = found;
  const movieTimescale = await timescaleOf(file, mvhd);
  const cuts: Cut[] = [];
  const media: (Span | undefined)[] = [];
  for await (const trak of within(file, moov)) {
    if (trak.type !== 'trak') continue;
    const cut = await cutTrack(file, trak, { movieTimescale, seconds, quickTime });
    if (cut) cuts.push(cut);
    if (await isMedia(file, trak)) media.push(cut?.media);
  }
  const { patches, saved } = allOf(cuts);
  return {
    patches: patches.toSorted((a, b) => a.at - b.at),
    saved,
    spans: media.every((span) => span !== undefined) ? wanted(before, moov, media) : undefined,
  };
}

/**
 * Makes the beginning of an MP4 or QuickTime file cheap to read: its sample tables (ISO/IEC 14496-12 §8.6, §8.7) end soon after
 * so many seconds, and what follows in them is free space that a reader passes over. Nothing moves, so all offsets hold. A
 * reader of the first seconds finds the same samples with the same times; only the length that it finds is less. Tracks whose tables
 * don't tell are left as they are: edit lists that play parts in turns, offsets that may turn out more negative further on.
 * @returns undefined where nothing can be cut (other files, fragmented ones, damage)
 */
export async function shortIndex(read: ReadAt, size: number, seconds: number): Promise<ShortIndex | undefined> {
  try {
    const short = await shorten(fileView(read, size), seconds);
    return short && short.patches.length > 0 ? short : undefined;
  } catch (error) {
    if (error instanceof BoxError || error instanceof RangeError) return undefined;
    throw error;
  }
}
