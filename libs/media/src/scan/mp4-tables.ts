import { BoxError, viewOf } from '../cmaf/boxes';
import {
  type FileView,
  type Offsets,
  type Place,
  type ReadAt,
  bytesOf,
  createFileView,
  editOf,
  find,
  findIndex,
  offsetsOf,
  tablesOf,
  timescaleOf,
} from './file-view';
import { type FrameTimes, createFrameTimes } from './frame-times';

/** What the sample tables of an MP4 or QuickTime file say of its video, without a look at its media. */
export interface Mp4Scan {
  readonly times: FrameTimes;
  readonly timescale: number;
  /** A file that is shorter than this lacks media: where the last runs of samples of any track begin. */
  readonly reachesTo: number;
}

/** A larger one belongs to a film of days, or to an attack. */
const LARGEST_TABLE = 64 * 1024 ** 2;
/** Writers put chunks in order; those of a track that are looked at for the last of them. */
const LAST_CHUNKS = 512;

/** A table of runs, `[count, value]`; none if there is no table. */
function* runsOf(body: Uint8Array | undefined): Generator<[number, number]> {
  if (!body) return;
  const view = viewOf(body);
  const entries = view.getUint32(4);
  // Offsets are signed whatever the version says: writers do so, and ffmpeg reads them so.
  for (let n = 0; n < entries; n += 1) yield [view.getUint32(8 + 8 * n), view.getInt32(12 + 8 * n)];
}

/** Values of a table of runs, one a sample. */
function* perSample(body: Uint8Array | undefined): Generator<number> {
  for (const [count, value] of runsOf(body)) for (let n = 0; n < count; n += 1) yield value;
}

async function bodyOf(file: FileView, table: Place | undefined): Promise<Uint8Array | undefined> {
  if (!table) return undefined;
  if (table.end - table.body > LARGEST_TABLE) throw new BoxError(`a table ${table.type} is too large`);
  return bytesOf(await file.view(table.body, table.end - table.body));
}

async function lastOf(offsets: Offsets | undefined): Promise<number> {
  let last = 0;
  if (offsets)
    for (let n = Math.max(0, offsets.count - LAST_CHUNKS); n < offsets.count; n += 1)
      last = Math.max(last, await offsets.at(n));
  return last;
}

/**
 * Reads what the index of a file says: of its tables only those that tell times, and the ends of those that tell places.
 * @param track position of the video among the tracks, which is ffmpeg's index of it
 * @returns undefined where they don't tell: other files, fragmented ones, and edit lists that play parts in turns
 * @throws BoxError or RangeError if they are damaged
 */
export async function scanMp4(read: ReadAt, size: number, track: number): Promise<Mp4Scan | undefined> {
  const file = createFileView(read, size);
  const index = await findIndex(file);
  const trak = index?.traks[track];
  const mdhd = trak && (await find(file, trak, 'mdia', 'mdhd'));
  if (!index || !trak || !mdhd) return undefined;
  const timescale = await timescaleOf(file, mdhd);
  const edit = await editOf(file, trak, index.timescale, timescale);
  if (!edit || timescale === 0) return undefined;

  let reachesTo = 0;
  let ofVideo = new Map<string, Place>();
  for (const one of index.traks) {
    const tables = await tablesOf(file, one);
    if (one === trak) ofVideo = tables;
    reachesTo = Math.max(reachesTo, await lastOf(await offsetsOf(file, tables)));
  }
  const offsets = perSample(await bodyOf(file, ofVideo.get('ctts')));
  const durations = perSample(await bodyOf(file, ofVideo.get('stts')));
  const times = createFrameTimes();
  let dts = 0;
  for (const duration of durations) {
    const pts = dts + Number(offsets.next().value ?? 0) - edit.mediaTime;
    if (pts >= 0 && pts < edit.duration) times.push({ pts, dts: dts - edit.mediaTime, duration });
    dts += duration;
  }
  const found = times.end();
  return found && { times: found, timescale, reachesTo };
}
