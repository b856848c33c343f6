import { boxesIn, findBox, viewOf } from '../cmaf/boxes';
import { type FrameTimes, createFrameTimes } from './frame-times';

/** What the sample tables of an MP4 or QuickTime file say of its video, without a look at its media. */
export interface Mp4Scan {
  readonly times: FrameTimes;
  readonly timescale: number;
  /** A file that is shorter than this lacks media: where the last run of samples of any track begins. */
  readonly reachesTo: number;
}

interface Edit {
  readonly mediaTime: number;
  /** In ticks of the track; Infinity where it isn't said. */
  readonly duration: number;
}

/**
 * The one edit of a track, after any pause before it; undefined for what has more (those play parts of the media in turns).
 * @param elst the body of its edit list, if it has one
 */
export function editOf(elst: Uint8Array | undefined, movieTimescale: number, timescale: number): Edit | undefined {
  if (!elst) return { mediaTime: 0, duration: Number.POSITIVE_INFINITY };
  const view = viewOf(elst);
  const wide = elst[0] === 1;
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

/** A table of runs, `[count, value]`; undefined if there is none. */
function* runsOf(stbl: Uint8Array, type: string): Generator<[number, number]> {
  const body = findBox(stbl, [type])?.body;
  if (!body) return;
  const view = viewOf(body);
  const entries = view.getUint32(4);
  // Offsets are signed whatever the version says: writers do so, and ffmpeg reads them so.
  for (let n = 0; n < entries; n += 1) yield [view.getUint32(8 + 8 * n), view.getInt32(12 + 8 * n)];
}

/** Values of a table of runs, one a sample. */
function* perSample(stbl: Uint8Array, type: string): Generator<number> {
  for (const [count, value] of runsOf(stbl, type)) for (let n = 0; n < count; n += 1) yield value;
}

function lastChunkOffset(stbl: Uint8Array): number {
  const wide = findBox(stbl, ['co64'])?.body;
  const table = wide ?? findBox(stbl, ['stco'])?.body;
  if (!table) return 0;
  const view = viewOf(table);
  let largest = 0;
  for (let n = view.getUint32(4) - 1; n >= 0; n -= 1)
    largest = Math.max(largest, wide ? Number(view.getBigUint64(8 + 8 * n)) : view.getUint32(8 + 4 * n));
  return largest;
}

/**
 * Reads the tables of `moov`.
 * @param track position of the video among the tracks, which is ffmpeg's index of it
 * @returns undefined where they don't tell: fragmented files, and edit lists that play parts in turns
 * @throws BoxError or RangeError if they are damaged
 */
export function scanMp4(moov: Uint8Array, track: number): Mp4Scan | undefined {
  const traks = [...boxesIn(moov)].filter(({ type }) => type === 'trak');
  const trak = traks[track]?.body;
  const mdhd = trak && findBox(trak, ['mdia', 'mdhd'])?.body;
  const mvhd = findBox(moov, ['mvhd'])?.body;
  const stbl = trak && findBox(trak, ['mdia', 'minf', 'stbl'])?.body;
  if (!trak || !mdhd || !mvhd || !stbl || findBox(moov, ['mvex'])) return undefined;
  const timescaleOf = (header: Uint8Array) => viewOf(header).getUint32(header[0] === 1 ? 20 : 12);
  const timescale = timescaleOf(mdhd);
  const edit = editOf(findBox(trak, ['edts', 'elst'])?.body, timescaleOf(mvhd), timescale);
  if (!edit || timescale === 0) return undefined;

  const times = createFrameTimes();
  const offsets = perSample(stbl, 'ctts');
  let dts = 0;
  for (const duration of perSample(stbl, 'stts')) {
    const pts = dts + Number(offsets.next().value ?? 0) - edit.mediaTime;
    if (pts >= 0 && pts < edit.duration) times.push({ pts, dts: dts - edit.mediaTime, duration });
    dts += duration;
  }
  const found = times.end();
  const reachesTo = Math.max(
    ...traks.map(({ body }) => lastChunkOffset(findBox(body, ['mdia', 'minf', 'stbl'])?.body ?? new Uint8Array())),
  );
  return found && { times: found, timescale, reachesTo };
}
