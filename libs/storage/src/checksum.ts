import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type Checksum, type ChecksumAlgorithm } from './object-store';

/** The header that proves a part, by S3's names, so that a client treats both adapters alike. */
export const checksumHeader = (checksum?: Checksum): Record<string, string> =>
  checksum ? { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value } : {};

/** Computes a checksum of bytes as they pass. */
export function checksummer(algorithm: ChecksumAlgorithm): { update(chunk: Buffer): void; base64(): string } {
  if (algorithm === 'sha256') {
    const hash = createHash('sha256');
    return { update: (chunk) => void hash.update(chunk), base64: () => hash.digest('base64') };
  }
  let value = 0;
  return {
    update: (chunk) => (value = crc32(chunk, value)),
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
