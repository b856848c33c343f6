import { type Box, BoxError, readHeader } from './boxes';
import { type Fragment, readFragment } from './fragment';
import { type InitFacts, parseInit, straighten } from './init';

export type SplitEvent =
  | { readonly type: 'init'; readonly bytes: Uint8Array; readonly facts: InitFacts }
  | { readonly type: 'fragment'; readonly fragment: Fragment };

export interface FragmentSplitter {
  /** Takes the next bytes of the stream, in pieces of any size, and returns what they completed. Keeps no view on `bytes` that it returned. */
  push(bytes: Uint8Array): SplitEvent[];
  /** @throws BoxError if the stream ended inside a box or before the init segment */
  end(): void;
}

/** No single box of ours is larger; more is a stream gone wrong. */
const MAX_BOX = 512 * 1024 * 1024;

/** Bytes waiting for the rest of their box; each is copied once, when the box is whole. */
class Pending {
  private pieces: Uint8Array[] = [];
  length = 0;

  add(piece: Uint8Array): void {
    if (piece.byteLength === 0) return;
    this.pieces.push(piece);
    this.length += piece.byteLength;
  }

  /** The first `count` bytes as one array, without taking them; a copy only if they lie in several pieces. */
  peek(count: number): Uint8Array {
    const [first] = this.pieces;
    return first && first.byteLength >= count ? first.subarray(0, count) : this.gather(count);
  }

  /** Removes the first `count` bytes and returns them as an array of their own. */
  take(count: number): Uint8Array {
    const bytes = this.gather(count);
    let left = count;
    let used = 0;
    for (const piece of this.pieces) {
      if (piece.byteLength > left) break;
      left -= piece.byteLength;
      used += 1;
    }
    this.pieces = this.pieces.slice(used);
    const [first] = this.pieces;
    if (left > 0 && first) this.pieces[0] = first.subarray(left);
    this.length -= count;
    return bytes;
  }

  private gather(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    let at = 0;
    for (const piece of this.pieces) {
      if (at === count) break;
      const part = piece.subarray(0, count - at);
      bytes.set(part, at);
      at += part.byteLength;
    }
    return bytes;
  }
}

const concat = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const both = new Uint8Array(a.byteLength + b.byteLength);
  both.set(a);
  both.set(b, a.byteLength);
  return both;
};

/**
 * Splits a fragmented MP4 of one track, as ffmpeg writes it to a pipe, into its init segment (`ftyp` + `moov`) and its
 * fragments. Other top-level boxes (`styp`, `sidx`, `mfra`, `prft`, `free`) are dropped.
 */
export function createFragmentSplitter(): FragmentSplitter {
  const pending = new Pending();
  let wanted = 8;
  let ftyp: Uint8Array | undefined;
  let init: InitFacts | undefined;
  let moof: Box | undefined;

  const accept = (box: Box): SplitEvent | undefined => {
    switch (box.type) {
      case 'ftyp':
        ftyp = box.bytes;
        return undefined;
      case 'moov': {
        if (!ftyp) throw new BoxError('moov before ftyp');
        if (init) throw new BoxError('a second moov');
        const bytes = concat(ftyp, box.bytes);
        straighten(bytes);
        init = parseInit(bytes);
        return { type: 'init', bytes, facts: init };
      }
      case 'moof':
        moof = box;
        return undefined;
      case 'mdat': {
        // A file with all its media before moov would have mdat first: that is no fragmented MP4.
        if (!moof || !init) throw new BoxError('mdat without moof');
        const fragment = readFragment(moof, box.bytes, init);
        moof = undefined;
        return { type: 'fragment', fragment };
      }
      default:
        return undefined;
    }
  };

  return {
    push(bytes) {
      pending.add(bytes);
      const events: SplitEvent[] = [];
      while (pending.length >= wanted) {
        const header = readHeader(pending.peek(Math.min(pending.length, 16)));
        if (!header) {
          wanted = 16;
          continue;
        }
        if (header.size > MAX_BOX) throw new BoxError(`box ${header.type} is larger than we write`);
        if (pending.length < header.size) {
          wanted = header.size;
          break;
        }
        const whole = pending.take(header.size);
        wanted = 8;
        const event = accept({ type: header.type, bytes: whole, body: whole.subarray(header.headerBytes) });
        if (event) events.push(event);
      }
      return events;
    },
    end() {
      if (pending.length > 0 || moof) throw new BoxError('the stream ended inside a box');
      if (!init) throw new BoxError('the stream ended before its init segment');
    },
  };
}
