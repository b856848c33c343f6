import { type Box, BoxError, boxesIn, findBox, requireBox, viewOf } from './boxes';
import { type InitFacts } from './init';

/** One `moof` + `mdat`. */
export interface Fragment {
  readonly trackId: number;
  /** Decode time of its first sample, in ticks. */
  readonly startTicks: number;
  readonly durationTicks: number;
  readonly samples: number;
  /** Whether decoding can start here. */
  readonly keyframe: boolean;
  readonly byteLength: number;
  /** The boxes as they are to be written; offsets inside are relative to `moof` (default-base-is-moof). */
  readonly parts: readonly Uint8Array[];
}

const NON_SYNC = 0x10000;

interface Defaults {
  readonly duration: number;
  readonly flags: number;
}

function trackDefaults(tfhd: Uint8Array, init: InitFacts): Defaults & { trackId: number } {
  const view = viewOf(tfhd);
  const flags = view.getUint32(0) & 0xffffff;
  let at = 8 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0);
  const read = (bit: number): number | undefined => {
    if (!(flags & bit)) return undefined;
    at += 4;
    return view.getUint32(at - 4);
  };
  const duration = read(0x8) ?? init.defaultDuration;
  read(0x10);
  return { trackId: view.getUint32(4), duration, flags: read(0x20) ?? init.defaultFlags };
}

/** Adds up one `trun` (ISO/IEC 14496-12 §8.8.8). */
function readRun(trun: Uint8Array, defaults: Defaults): { samples: number; ticks: number; firstFlags: number } {
  const view = viewOf(trun);
  const flags = view.getUint32(0) & 0xffffff;
  const samples = view.getUint32(4);
  let at = 8 + (flags & 0x1 ? 4 : 0);
  let firstFlags: number | undefined;
  if (flags & 0x4) {
    firstFlags = view.getUint32(at);
    at += 4;
  }
  const hasDuration = (flags & 0x100) !== 0;
  const hasFlags = (flags & 0x400) !== 0;
  const flagsAt = (hasDuration ? 4 : 0) + (flags & 0x200 ? 4 : 0);
  const stride = flagsAt + (hasFlags ? 4 : 0) + (flags & 0x800 ? 4 : 0);
  if (at + stride * samples > trun.byteLength) throw new BoxError('trun is cut short');
  if (hasFlags && samples > 0) firstFlags ??= view.getUint32(at + flagsAt);
  let ticks = hasDuration ? 0 : samples * defaults.duration;
  if (hasDuration) for (let n = 0; n < samples; n += 1) ticks += view.getUint32(at + n * stride);
  return { samples, ticks, firstFlags: firstFlags ?? defaults.flags };
}

function decodeTime(tfdt: Uint8Array): number {
  const view = viewOf(tfdt);
  const time = tfdt[0] === 1 ? view.getBigUint64(4) : BigInt(view.getUint32(4));
  if (time > BigInt(Number.MAX_SAFE_INTEGER)) throw new BoxError('tfdt is out of range');
  return Number(time);
}

/** Reads what a `moof` says of the track of `init`. */
export function readFragment(moof: Box, mdat: Uint8Array, init: InitFacts): Fragment {
  const traf = requireBox(moof.body, ['traf']).body;
  const defaults = trackDefaults(requireBox(traf, ['tfhd']).body, init);
  const tfdt = findBox(traf, ['tfdt']);
  if (!tfdt) throw new BoxError('a fragment has no decode time');
  const runs = [...boxesIn(traf)].filter((box) => box.type === 'trun').map((box) => readRun(box.body, defaults));
  return {
    trackId: defaults.trackId,
    startTicks: decodeTime(tfdt.body),
    durationTicks: runs.reduce((sum, run) => sum + run.ticks, 0),
    samples: runs.reduce((sum, run) => sum + run.samples, 0),
    keyframe: ((runs[0]?.firstFlags ?? NON_SYNC) & NON_SYNC) === 0,
    byteLength: moof.bytes.byteLength + mdat.byteLength,
    parts: [moof.bytes, mdat],
  };
}
