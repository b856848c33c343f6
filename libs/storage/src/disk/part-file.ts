import { type Checksum, type ChecksumAlgorithm } from '../object-store';

/**
 * A part's file name holds all that is known of it (`00007.{etag}` or `00007.{etag}.sha256-{hex}`), so that bytes and
 * facts appear in one rename.
 */
export interface PartFile {
  readonly partNumber: number;
  readonly etag: string;
  readonly checksum?: Checksum;
}

const NAME = /^(\d{5})\.([0-9a-f]{32})(?:\.(sha256|crc32c?)-([0-9a-f]+))?$/;

export function fileNameOf({ partNumber, etag, checksum }: PartFile): string {
  const proof = checksum ? `.${checksum.algorithm}-${Buffer.from(checksum.value, 'base64').toString('hex')}` : '';
  return `${String(partNumber).padStart(5, '0')}.${etag}${proof}`;
}

/** Undefined for any other file. */
export function partOf(name: string): PartFile | undefined {
  const [, number, etag, algorithm, hex] = NAME.exec(name) ?? [];
  if (number === undefined || etag === undefined) return undefined;
  const checksum = hex !== undefined && {
    checksum: { algorithm: algorithm as ChecksumAlgorithm, value: Buffer.from(hex, 'hex').toString('base64') },
  };
  return { partNumber: Number(number), etag, ...checksum };
}
