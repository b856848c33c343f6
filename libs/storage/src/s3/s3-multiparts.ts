import { type ListMultipartUploadsCommandOutput, type ListPartsCommandOutput } from '@aws-sdk/client-s3';
import { checksumHeader } from '../checksum';
import { assertKey } from '../key';
import {
  type ChecksumAlgorithm,
  type CompletedPart,
  type OpenMultipart,
  type SignedPart,
  type SignPartRequest,
  type StoredPart,
} from '../object-store';
import { checkParts } from '../parts';
import { fromS3, S3_ALGORITHMS, toS3 } from './s3-checksum';
import { type Connected } from './s3-client';
import { isInvalidPart, storeError, translated } from './s3-errors';
import { type PolicyParameters } from './write-policy';

const MINIMUM = 5 * 1024 * 1024;

/** Multipart uploads of one bucket. */
export class S3Multiparts {
  constructor(
    private readonly bucket: string,
    private readonly connect: () => Promise<Connected>,
    private readonly policyFor: (key: string) => PolicyParameters,
  ) {}

  async create(
    key: string,
    options: { readonly contentType: string; readonly checksum?: ChecksumAlgorithm },
  ): Promise<{ multipartId: string }> {
    return translated('create multipart', async () => {
      const { sdk, client } = await this.connect();
      const algorithm = options.checksum && S3_ALGORITHMS[options.checksum];
      const answer = await client.send(
        new sdk.CreateMultipartUploadCommand({
          Bucket: this.bucket,
          Key: assertKey(key),
          ContentType: options.contentType,
          ...this.policyFor(key),
          ...(algorithm && { ChecksumAlgorithm: algorithm, ChecksumType: 'COMPOSITE' }),
        }),
      );
      return { multipartId: answer.UploadId ?? '' };
    });
  }

  async signPart({
    key,
    multipartId,
    partNumber,
    size,
    checksum,
    expiresInSeconds,
    inside,
  }: SignPartRequest): Promise<SignedPart> {
    return translated('sign part', async () => {
      const { sdk, client, signer } = await this.connect();
      const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner');
      const headers = checksumHeader(checksum);
      const command = new sdk.UploadPartCommand({
        Bucket: this.bucket,
        Key: assertKey(key),
        UploadId: multipartId,
        PartNumber: partNumber,
        ContentLength: size,
        ...(checksum && toS3(checksum.algorithm, checksum.value)),
      });
      // Kept as signed headers: content-length fixes the size, and the checksum is verified by S3 as the bytes arrive.
      const unhoistableHeaders = new Set(['content-length', ...Object.keys(headers)]);
      const url = await getSignedUrl(inside === true ? client : signer, command, {
        expiresIn: expiresInSeconds,
        unhoistableHeaders,
        signableHeaders: new Set(['host', 'content-length', ...Object.keys(headers)]),
      });
      return { url, headers };
    });
  }

  async parts(key: string, multipartId: string): Promise<StoredPart[]> {
    return translated('list parts', async () => {
      const { sdk, client } = await this.connect();
      const parts: StoredPart[] = [];
      // By hand: the SDK's paginator goes on for as long as there is a marker, which some servers give on the last page too.
      let marker: string | undefined;
      for (;;) {
        const page: ListPartsCommandOutput = await client.send(
          new sdk.ListPartsCommand({
            Bucket: this.bucket,
            Key: assertKey(key),
            UploadId: multipartId,
            PartNumberMarker: marker,
          }),
        );
        for (const part of page.Parts ?? []) {
          parts.push({
            partNumber: part.PartNumber ?? 0,
            size: part.Size ?? 0,
            etag: part.ETag ?? '',
            lastModified: part.LastModified ?? new Date(0),
            ...fromS3(part),
          });
        }
        if (page.IsTruncated !== true || page.NextPartNumberMarker === marker) break;
        marker = page.NextPartNumberMarker;
      }
      return parts;
    });
  }

  /** Asks S3 what it has first: a checksum must be repeated at completion, and S3 doesn't say which part is at fault. */
  async complete(key: string, multipartId: string, list: readonly CompletedPart[]): Promise<void> {
    const stored = await this.parts(key, multipartId);
    const chosen = checkParts(list, stored, MINIMUM);
    const { sdk, client } = await this.connect();
    const Parts = chosen.map((part) => ({
      PartNumber: part.partNumber,
      ETag: part.etag,
      ...(part.checksum && toS3(part.checksum.algorithm, part.checksum.value)),
    }));
    try {
      await client.send(
        new sdk.CompleteMultipartUploadCommand({
          Bucket: this.bucket,
          Key: key,
          UploadId: multipartId,
          MultipartUpload: { Parts },
        }),
      );
    } catch (error) {
      // A part was replaced between the two requests: look again, for the error to name it.
      if (isInvalidPart(error)) checkParts(list, await this.parts(key, multipartId), MINIMUM);
      throw storeError(error, 'complete multipart');
    }
  }

  async abort(key: string, multipartId: string): Promise<void> {
    const { sdk, client } = await this.connect();
    try {
      await client.send(
        new sdk.AbortMultipartUploadCommand({ Bucket: this.bucket, Key: assertKey(key), UploadId: multipartId }),
      );
    } catch (error) {
      const translatedError = storeError(error, 'abort multipart');
      if (translatedError.code !== 'store.not_found') throw translatedError;
    }
  }

  async *list(): AsyncIterable<OpenMultipart> {
    const { sdk, client } = await this.connect();
    let marker: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {};
    for (;;) {
      const from = marker;
      const page: ListMultipartUploadsCommandOutput = await translated('list multiparts', () =>
        client.send(new sdk.ListMultipartUploadsCommand({ Bucket: this.bucket, ...from })),
      );
      for (const upload of page.Uploads ?? [])
        yield { key: upload.Key ?? '', multipartId: upload.UploadId ?? '', createdAt: upload.Initiated ?? new Date(0) };
      if (
        page.IsTruncated !== true ||
        page.NextKeyMarker === undefined ||
        (page.NextKeyMarker === from.KeyMarker && page.NextUploadIdMarker === from.UploadIdMarker)
      )
        return;
      marker = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
    }
  }
}
