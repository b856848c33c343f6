import { type Checksum, type ChecksumAlgorithm } from '../object-store';

export const S3_ALGORITHMS = { sha256: 'SHA256', crc32: 'CRC32', crc32c: 'CRC32C' } as const satisfies Record<
  ChecksumAlgorithm,
  string
>;

/** The parameters by which S3 carries checksums. */
interface S3Checksums {
  ChecksumSHA256?: string | undefined;
  ChecksumCRC32?: string | undefined;
  ChecksumCRC32C?: string | undefined;
}

/** A part's checksum as S3's parameter. */
export const toS3 = (algorithm: ChecksumAlgorithm, value: string): S3Checksums => ({
  [`Checksum${S3_ALGORITHMS[algorithm]}`]: value,
});

/** The checksum that S3 has of a part, if any. */
export function fromS3(part: S3Checksums): { checksum?: Checksum } {
  for (const algorithm of ['sha256', 'crc32c', 'crc32'] as const) {
    const value = part[`Checksum${S3_ALGORITHMS[algorithm]}`];
    if (value !== undefined) return { checksum: { algorithm, value } };
  }
  return {};
}
