import { PartMismatch, PartMissing, PartTooSmall } from './errors';
import { type CompletedPart, type StoredPart } from './object-store';

const bare = (etag: string): string => etag.replace(/^"|"$/g, '');

/**
 * Matches a completion's list with what was stored, by S3's rules: at least one part, no number twice, same etag, and
 * none but the last under the minimum. Returns the stored parts in order of number.
 */
export function checkParts<P extends StoredPart>(
  list: readonly CompletedPart[],
  stored: readonly P[],
  minimumPartSize: number,
): P[] {
  const byNumber = new Map(stored.map((part) => [part.partNumber, part]));
  const wanted = [...list].sort((a, b) => a.partNumber - b.partNumber);
  const twice = wanted.filter((part, i) => part.partNumber === wanted[i - 1]?.partNumber);
  if (twice.length > 0) throw new PartMismatch(twice.map((part) => part.partNumber));
  const missing = wanted.filter((part) => !byNumber.has(part.partNumber));
  if (missing.length > 0 || wanted.length === 0)
    throw new PartMissing(wanted.length === 0 ? [1] : missing.map((part) => part.partNumber));
  const other = wanted.filter((part) => {
    const found = byNumber.get(part.partNumber);
    return (
      bare(found?.etag ?? '') !== bare(part.etag) ||
      (part.checksum !== undefined && part.checksum !== found?.checksum?.value)
    );
  });
  if (other.length > 0) throw new PartMismatch(other.map((part) => part.partNumber));
  const chosen = wanted.flatMap((part) => byNumber.get(part.partNumber) ?? []);
  const small = chosen.slice(0, -1).filter((part) => part.size < minimumPartSize);
  if (small.length > 0)
    throw new PartTooSmall(
      `parts ${small.map((part) => part.partNumber).join(', ')} are under ${minimumPartSize} bytes`,
    );
  return chosen;
}
