import { RangeNotSatisfiable } from './errors';
import { type ByteRange } from './object-store';

/** First and last byte (inclusive) of a range of an object of `total` bytes, clamped as RFC 9110 §14.1.2 has it. */
export function resolveRange(range: ByteRange, total: number): { start: number; end: number } {
  const resolved =
    'suffix' in range
      ? { start: Math.max(0, total - range.suffix), end: total - 1 }
      : { start: range.start, end: Math.min(range.end ?? total - 1, total - 1) };
  if (resolved.start > resolved.end)
    throw new RangeNotSatisfiable(`bytes ${resolved.start}-${resolved.end} of ${total}`);
  return resolved;
}
