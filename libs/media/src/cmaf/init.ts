import { BoxError, boxesIn, findBox, requireBox, viewOf } from './boxes';

/** What an initialisation segment says of its one track. */
export interface InitFacts {
  readonly trackId: number;
  readonly timescale: number;
  /** As in RFC 6381: `avc1.64001f`, `mp4a.40.2`. */
  readonly codec: string;
  readonly kind: 'video' | 'audio';
  readonly width?: number;
  readonly height?: number;
  readonly channels?: number;
  readonly sampleRate?: number;
  /** Defaults of `trex`, for fragments that don't say. */
  readonly defaultDuration: number;
  readonly defaultFlags: number;
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/** Walks the descriptors of `esds` (ISO/IEC 14496-1 §7.2.6) to the audio object type. */
function aacCodec(esds: Uint8Array): string {
  let at = 4;
  const next = (): number => {
    const byte = esds[at];
    if (byte === undefined) throw new BoxError('esds is cut short');
    at += 1;
    return byte;
  };
  const skipLength = (): void => {
    for (let n = 0; n < 4 && (next() & 0x80) !== 0; n += 1);
  };
  if (next() !== 0x03) throw new BoxError('esds has no ES descriptor');
  skipLength();
  at += 2;
  const flags = next();
  if (flags & 0x80) at += 2;
  if (flags & 0x40) at += 1 + (esds[at] ?? 0);
  if (flags & 0x20) at += 2;
  if (next() !== 0x04) throw new BoxError('esds has no decoder configuration');
  skipLength();
  const objectType = next();
  at += 12;
  if (objectType !== 0x40 || next() !== 0x05) return `mp4a.${hex(objectType)}`;
  skipLength();
  const first = next();
  const short = first >> 3;
  const audioObject = short === 31 ? 32 + ((first & 0x07) << 3) + (next() >> 5) : short;
  return `mp4a.40.${audioObject}`;
}

type Entry = Pick<InitFacts, 'codec' | 'kind' | 'width' | 'height' | 'channels' | 'sampleRate'>;

function sampleEntry(stsd: Uint8Array): Entry {
  const [entry] = boxesIn(stsd.subarray(8));
  if (!entry) throw new BoxError('stsd has no entry');
  const view = viewOf(entry.body);
  if (entry.type === 'avc1' || entry.type === 'avc3') {
    const avcC = requireBox(entry.body.subarray(78), ['avcC']).body;
    const [, profile = 0, compatibility = 0, level = 0] = avcC;
    return {
      kind: 'video',
      codec: `${entry.type}.${hex(profile)}${hex(compatibility)}${hex(level)}`,
      width: view.getUint16(24),
      height: view.getUint16(26),
    };
  }
  if (entry.type === 'mp4a') {
    return {
      kind: 'audio',
      codec: aacCodec(requireBox(entry.body.subarray(28), ['esds']).body),
      channels: view.getUint16(16),
      sampleRate: view.getUint32(24) >>> 16,
    };
  }
  throw new BoxError(`sample entry ${entry.type} is not known`);
}

/** Identity of ISO/IEC 14496-12 §8.3.2, in 16.16 and 2.30 fixed point. */
const IDENTITY = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000];

/**
 * Removes a rotation from the track header, in place. ffmpeg copies the source's there although our pictures are upright
 * already (`-noautorotate`), and players would turn them a second time.
 */
export function straighten(init: Uint8Array): void {
  const tkhd = requireBox(init, ['moov', 'trak', 'tkhd']).body;
  const view = viewOf(tkhd);
  const at = tkhd[0] === 1 ? 52 : 40;
  IDENTITY.forEach((value, n) => view.setInt32(at + 4 * n, value));
}

/**
 * Reads an initialisation segment (`ftyp` + `moov`) with one track of H.264 or AAC.
 * @throws BoxError for anything else
 */
export function parseInit(init: Uint8Array): InitFacts {
  const moov = requireBox(init, ['moov']).body;
  const tkhd = requireBox(moov, ['trak', 'tkhd']).body;
  const mdhd = requireBox(moov, ['trak', 'mdia', 'mdhd']).body;
  const stsd = requireBox(moov, ['trak', 'mdia', 'minf', 'stbl', 'stsd']).body;
  const trex = findBox(moov, ['mvex', 'trex'])?.body;
  const defaults = trex && viewOf(trex);
  return {
    trackId: viewOf(tkhd).getUint32(tkhd[0] === 1 ? 20 : 12),
    timescale: viewOf(mdhd).getUint32(mdhd[0] === 1 ? 20 : 12),
    ...sampleEntry(stsd),
    defaultDuration: defaults?.getUint32(12) ?? 0,
    defaultFlags: defaults?.getUint32(20) ?? 0,
  };
}
