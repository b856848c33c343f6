import { DomainError, type Person } from '@kinora/contracts-common';
import { type Checksum, type ObjectStore } from '@kinora/storage';
import { sizeOfPart } from './part-layout';
import { type UploadRepository } from './ports';
import { type Upload, isOpen, mustSee, stagingKey, uploadNotOpen } from './upload';

export interface SignParts {
  readonly uploads: UploadRepository;
  readonly staging: ObjectStore;
  readonly urlSeconds: number;
}

export interface PartWish {
  readonly partNumbers: readonly number[];
  /** Part number to base64. */
  readonly checksums?: Readonly<Record<string, string>> | undefined;
}

const digestBytes = { sha256: 32, crc32: 4 } as const;
const invalid = (field: string, message: string) =>
  new DomainError('invalid', 'request.invalid', `The request does not fit: ${field} (${message})`, {
    errors: [{ field, message }],
  });

function checksumOf(upload: Upload, partNumber: number, checksums: PartWish['checksums']): Checksum | undefined {
  if (!upload.checksum) return undefined;
  const value = checksums?.[String(partNumber)];
  if (value === undefined)
    throw new DomainError(
      'invalid',
      'upload.checksum_missing',
      `This upload uses ${upload.checksum}: send the checksum of part ${partNumber}.`,
    );
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length !== digestBytes[upload.checksum] || bytes.toString('base64') !== value)
    throw invalid(`body.checksums.${partNumber}`, `not a ${upload.checksum} in base64`);
  return { algorithm: upload.checksum, value };
}

/** URLs to which parts are PUT, bound to key, number, size and checksum. */
export const createSignParts =
  ({ uploads, staging, urlSeconds }: SignParts) =>
  async (caller: Person, id: string, { partNumbers, checksums }: PartWish) => {
    const upload = mustSee(await uploads.find(id), caller);
    if (!isOpen(upload)) throw uploadNotOpen();
    if (checksums && !upload.checksum) throw invalid('body.checksums', 'the upload was begun without');
    const expiresAt = new Date(Date.now() + urlSeconds * 1_000);
    return Promise.all(
      [...new Set(partNumbers)].map(async (partNumber) => {
        const size = sizeOfPart(upload, partNumber);
        if (size === undefined)
          throw new DomainError(
            'invalid',
            'upload.part_number_invalid',
            `There is no part ${partNumber}: the file has ${upload.partCount}.`,
            { errors: [{ field: 'body.partNumbers', message: `1 to ${upload.partCount}` }] },
          );
        const checksum = checksumOf(upload, partNumber, checksums);
        const signed = await staging.signPart({
          key: stagingKey(upload),
          multipartId: upload.multipartId,
          partNumber,
          size,
          expiresInSeconds: urlSeconds,
          ...(checksum && { checksum }),
        });
        return { partNumber, url: signed.url, headers: { ...signed.headers }, expiresAt: expiresAt.toISOString() };
      }),
    );
  };
