import { type Checksum, type ChecksumAlgorithm } from '../object-store';

/** S3's two ways to carry a part's checksum, from and to ours. */
export const toS3 = (
  algorithm: ChecksumAlgorithm,
  value: string,
): { ChecksumSHA256: string } | { ChecksumCRC32: string } =>
  algorithm === 'sha256' ? { ChecksumSHA256: value } : { ChecksumCRC32: value };

export function fromS3(part: { ChecksumSHA256?: string | undefined; ChecksumCRC32?: string | undefined }): {
  checksum?: Checksum;
} {
  if (part.ChecksumSHA256 !== undefined) return { checksum: { algorithm: 'sha256', value: part.ChecksumSHA256 } };
  if (part.ChecksumCRC32 !== undefined) return { checksum: { algorithm: 'crc32', value: part.ChecksumCRC32 } };
  return {};
}
