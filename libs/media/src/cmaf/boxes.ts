/** One box of ISO/IEC 14496-12 §4.2, in the bytes that hold it. */
export interface Box {
  readonly type: string;
  /** The whole box, header included. */
  readonly bytes: Uint8Array;
  /** What follows the header. */
  readonly body: Uint8Array;
}

/** What a malformed box is answered with. */
export class BoxError extends Error {
  override name = 'BoxError';
}

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const typeAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));

export interface BoxHeader {
  readonly type: string;
  readonly headerBytes: number;
  /** Of the whole box; Infinity for one that reaches to the end of the file (size 0). */
  readonly size: number;
}

/** Reads the header at the start of `bytes`; undefined if more bytes are needed. */
export function readHeader(bytes: Uint8Array): BoxHeader | undefined {
  if (bytes.byteLength < 8) return undefined;
  const view = viewOf(bytes);
  const type = typeAt(bytes, 4);
  const short = view.getUint32(0);
  if (short === 0) return { type, headerBytes: 8, size: Number.POSITIVE_INFINITY };
  if (short !== 1) {
    if (short < 8) throw new BoxError(`box ${type} has size ${short}`);
    return { type, headerBytes: 8, size: short };
  }
  if (bytes.byteLength < 16) return undefined;
  const size = Number(view.getBigUint64(8));
  if (size < 16 || !Number.isSafeInteger(size)) throw new BoxError(`box ${type} has size ${size}`);
  return { type, headerBytes: 16, size };
}

/** The boxes that fill `bytes`, one after the other. */
export function* boxesIn(bytes: Uint8Array): Generator<Box> {
  let at = 0;
  while (at < bytes.byteLength) {
    const rest = bytes.subarray(at);
    const header = readHeader(rest);
    const size =
      header && Math.min(header.size, header.size === Number.POSITIVE_INFINITY ? rest.byteLength : header.size);
    if (!header || size === undefined || size > rest.byteLength) throw new BoxError('a box is cut short');
    yield { type: header.type, bytes: rest.subarray(0, size), body: rest.subarray(header.headerBytes, size) };
    at += size;
  }
}

/** The first box at the end of a path such as `['trak', 'mdia', 'mdhd']`. */
export function findBox(bytes: Uint8Array, path: readonly string[]): Box | undefined {
  const [first, ...rest] = path;
  for (const box of boxesIn(bytes)) {
    if (box.type !== first) continue;
    return rest.length === 0 ? box : findBox(box.body, rest);
  }
  return undefined;
}

export function requireBox(bytes: Uint8Array, path: readonly string[]): Box {
  const box = findBox(bytes, path);
  if (!box) throw new BoxError(`there is no box ${path.join('/')}`);
  return box;
}

/** A box with the given body. */
export function makeBox(type: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + body.byteLength);
  viewOf(bytes).setUint32(0, bytes.byteLength);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(body, 8);
  return bytes;
}
