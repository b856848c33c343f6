import { BoxError, viewOf } from '../cmaf/boxes';
import {
  type FileView,
  type Index,
  type Offsets,
  type Place,
  type ReadAt,
  type Span,
  createFileView,
  editOf,
  find,
  findIndex,
  offsetsOf,
  tablesOf,
  timescaleOf,
} from './file-view';

/** A part of a file that is read as something else. */
export interface Patch {
  readonly at: number;
  /** How long the part is. */
  readonly length: number;
  /** What it begins with; the rest of it, if any, is zeros. */
  readonly bytes: Uint8Array;
}

/**
 * Samples that are kept after the last second: what an encoder puts into another order than that of showing, and the first after a
 * pause, which says how long the one before it lasts.
 */
const MORE_SAMPLES = 17;
/** A film of a day has fewer; whoever has more may want to keep us busy. */
const MOST_ENTRIES = 10_000_000;

/** Entries of a table of ISO/IEC 14496-12 §8.6 and §8.7, of so many 32-bit numbers each: version, flags, how many, and then they. */
async function* entriesOf(file: FileView, { body }: Place, numbers: number): AsyncGenerator<number[]> {
  const count = (await file.view(body + 4, 4)).getUint32(0);
  if (count > MOST_ENTRIES) throw new BoxError('a table has too many entries');
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
async function spanOf(offsets: Offsets, chunks: number): Promise<Span | undefined> {
  let at = Number.POSITIVE_INFINITY;
  let last = 0;
  for (let n = 0; n < chunks; n += 1) {
    const offset = await offsets.at(n);
    at = Math.min(at, offset);
    last = Math.max(last, offset);
  }
  const end = await offsets.at(chunks);
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
  index: Index,
  trak: Place,
  seconds: number,
): Promise<(Cut & { media: Span | undefined }) | undefined> {
  // What lies together is read together: first the head of the track, then its tables.
  const mdhd = await find(file, trak, 'mdia', 'mdhd');
  const timescale = mdhd && (await timescaleOf(file, mdhd));
  const edit = timescale === undefined ? undefined : await editOf(file, trak, index.timescale, timescale);
  if (timescale === undefined || !edit) return undefined;
  const tables = await tablesOf(file, trak);
  const [stts, stsc, stsz] = ['stts', 'stsc', 'stsz'].map((type) => tables.get(type));
  const offsets = await offsetsOf(file, tables);
  if (!stts || !stsc || !stsz || !offsets) return undefined;

  const wanted = await samplesIn(file, stts, seconds * timescale + edit.mediaTime);
  const kept = wanted === undefined ? undefined : await chunksOf(file, stsc, offsets.count, wanted + MORE_SAMPLES);
  const sizes = await file.view(stsz.body + 4, 8);
  if (!kept || kept.samples > sizes.getUint32(4) || kept.chunks > MOST_ENTRIES) return undefined;

  const ofSizes = sizes.getUint32(0) === 0 ? endAfter(stsz, 12 + 4 * kept.samples) : { patches: [], saved: 0 };
  const cuts: (Cut | undefined)[] = [
    await keepRuns(file, stts, kept.samples),
    keepEntries(stsc, kept.entries, 12),
    ofSizes && { ...ofSizes, patches: [...ofSizes.patches, numberAt(stsz.body + 8, kept.samples)] },
    keepEntries(offsets.table, kept.chunks, offsets.bytesEach),
  ];
  const ctts = tables.get('ctts');
  if (ctts) {
    const cut = await keepRuns(file, ctts, kept.samples);
    if (
      !cut ||
      !(await keepsShift(file, { ctts, cslg: tables.get('cslg'), least: cut.least, quickTime: index.quickTime }))
    )
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
  return { ...allOf(cuts), media: await spanOf(offsets, kept.chunks) };
}

/** What a reader wants: boxes, index, and media with the boxes that lead to it. */
function wanted({ before, moov }: Index, media: readonly Span[]): Span[] {
  const at = Math.min(...media.map((span) => span.at));
  const end = Math.max(...media.map((span) => span.end));
  return [...before, { at: moov.at, end: moov.end }, { at: at > moov.end ? moov.end : at, end }];
}

async function shorten(file: FileView, seconds: number): Promise<ShortIndex | undefined> {
  const index = await findIndex(file);
  if (!index) return undefined;
  const cuts: Cut[] = [];
  const media: (Span | undefined)[] = [];
  for (const trak of index.traks) {
    const wantedByReaders = await isMedia(file, trak);
    const cut = await cutTrack(file, index, trak, seconds);
    if (cut) cuts.push(cut);
    if (wantedByReaders) media.push(cut?.media);
  }
  const { patches, saved } = allOf(cuts);
  return {
    patches: patches.toSorted((a, b) => a.at - b.at),
    saved,
    spans: media.every((span) => span !== undefined) ? wanted(index, media) : undefined,
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
    const short = await shorten(createFileView(read, size), seconds);
    return short && short.patches.length > 0 ? short : undefined;
  } catch (error) {
    if (error instanceof BoxError || error instanceof RangeError) return undefined;
    throw error;
  }
}
