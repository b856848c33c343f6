import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type Checksum, type ChecksumAlgorithm } from './object-store';

/** The header that proves a part, by S3's names, so that a client treats both adapters alike. */
export const checksumHeader = (checksum?: Checksum): Record<string, string> =>
  checksum ? { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value } : {};

/** Remainders of all bytes by Castagnoli's polynomial, reflected. */
const CASTAGNOLI = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = (rest >>> 1) ^ (rest & 1 ? 0x82_f6_3b_78 : 0);
  return rest;
});

/** CRC32C of the bytes before, and of these; Node has CRC32 only. */
function crc32c(chunk: Buffer, before: number): number {
  let value = ~before;
  for (const byte of chunk) value = (CASTAGNOLI[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return ~value >>> 0;
}

/** Computes a checksum of bytes as they pass. */
export function checksummer(algorithm: ChecksumAlgorithm): { update(chunk: Buffer): void; base64(): string } {
  if (algorithm === 'sha256') {
    const hash = createHash('sha256');
    return { update: (chunk) => void hash.update(chunk), base64: () => hash.digest('base64') };
  }
  const next = algorithm === 'crc32' ? crc32 : crc32c;
  let value = 0;
  return {
    update: (chunk) => (value = next(chunk, value)),
    base64: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString('base64');
    },
  };
}

/** The checksum of bytes at hand, for clients and tests. */
export function checksumOf(algorithm: ChecksumAlgorithm, bytes: Buffer): Checksum {
  const sum = checksummer(algorithm);
  sum.update(bytes);
  return { algorithm, value: sum.base64() };
}
