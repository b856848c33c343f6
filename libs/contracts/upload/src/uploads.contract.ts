import { Nothing, Timestamp, UploadId, VideoId, endpoint } from '@kinora/contracts-common';
import { z } from 'zod';

export const UploadState = z.enum(['open', 'completing', 'completed', 'aborted', 'expired']);
export type UploadState = z.output<typeof UploadState>;
/** Checksum that the client sends with every part, base64 as in S3's `x-amz-checksum-*` headers. */
export const ChecksumAlgorithm = z.enum(['sha256', 'crc32']);
export type ChecksumAlgorithm = z.output<typeof ChecksumAlgorithm>;

const PartNumber = z.int().min(1).max(10_000);
const UploadParams = z.object({ uploadId: UploadId });

export const CreatedUpload = z
  .object({
    id: UploadId,
    videoId: VideoId,
    partSize: z.int().describe('Bytes of every part but the last'),
    partCount: z.int(),
    expiresAt: Timestamp,
  })
  .meta({ id: 'CreatedUpload' });
export type CreatedUpload = z.output<typeof CreatedUpload>;

export const Upload = z
  .object({
    id: UploadId,
    videoId: VideoId,
    state: UploadState,
    filename: z.string(),
    size: z.int(),
    partSize: z.int(),
    partCount: z.int(),
    expiresAt: Timestamp,
    parts: z
      .array(z.object({ partNumber: PartNumber, size: z.int(), etag: z.string() }))
      .describe('Parts that the store holds'),
  })
  .meta({ id: 'Upload' });
export type Upload = z.output<typeof Upload>;

export const SignedPart = z
  .object({
    partNumber: PartNumber,
    url: z.url().describe('PUT the part here'),
    headers: z.record(z.string(), z.string()).describe('Headers that the PUT must carry'),
    expiresAt: Timestamp,
  })
  .meta({ id: 'SignedPart' });
export type SignedPart = z.output<typeof SignedPart>;

export const uploadsContract = {
  createUpload: endpoint({
    id: 'upload.createUpload',
    method: 'post',
    path: '/v1/uploads',
    access: 'user',
    scope: 'uploads:write',
    idempotent: true,
    summary: 'Begin an upload: creates the video and opens a multipart upload in the object store',
    body: z.object({
      filename: z.string().min(1).max(255),
      size: z.int().min(0).describe('Bytes of the whole file'),
      contentType: z.string().min(1).max(127),
      title: z.string().trim().min(1).max(200).optional(),
      visibility: z.enum(['private', 'unlisted', 'public']).optional(),
      videoId: VideoId.optional().describe('An own draft video that has no file yet'),
      checksum: ChecksumAlgorithm.optional().describe('When given, every part must carry this checksum'),
    }),
    success: { status: 201, body: CreatedUpload },
    problems: [
      'upload.too_large',
      'upload.empty',
      'upload.type_refused',
      'upload.quota_exceeded',
      'upload.video_busy',
      'video.not_found',
      'video.not_draft',
      'auth.forbidden',
    ],
  }),
  signParts: endpoint({
    id: 'upload.signParts',
    method: 'post',
    path: '/v1/uploads/{uploadId}/parts',
    access: 'user',
    scope: 'uploads:write',
    summary: 'Signed URLs to which parts are PUT, straight to the object store; ask again when they have expired',
    params: UploadParams,
    body: z.object({
      partNumbers: z.array(PartNumber).min(1).max(1000),
      checksums: z
        .record(z.string().regex(/^\d+$/), z.string().max(100))
        .optional()
        .describe('Part number to base64 checksum, when the upload uses checksums'),
    }),
    success: { status: 200, body: z.object({ parts: z.array(SignedPart) }) },
    problems: ['upload.not_found', 'upload.not_open', 'upload.part_number_invalid', 'upload.checksum_missing'],
  }),
  getUpload: endpoint({
    id: 'upload.getUpload',
    method: 'get',
    path: '/v1/uploads/{uploadId}',
    access: 'user',
    scope: 'uploads:write',
    summary: 'State of an upload and the parts that have arrived',
    params: UploadParams,
    success: { status: 200, body: Upload },
    problems: ['upload.not_found'],
  }),
  completeUpload: endpoint({
    id: 'upload.completeUpload',
    method: 'post',
    path: '/v1/uploads/{uploadId}/complete',
    access: 'user',
    scope: 'uploads:write',
    summary: 'Finish an upload; safe to repeat',
    params: UploadParams,
    body: z.object({
      parts: z
        .array(
          z.object({
            partNumber: PartNumber,
            etag: z.string().min(1).max(200),
            checksum: z.string().max(100).optional(),
          }),
        )
        .min(1)
        .max(10_000),
    }),
    success: { status: 200, body: z.object({ videoId: VideoId }) },
    problems: [
      'upload.not_found',
      'upload.not_open',
      'upload.part_missing',
      'upload.part_mismatch',
      'upload.size_mismatch',
      'upload.lost',
    ],
  }),
  abortUpload: endpoint({
    id: 'upload.abortUpload',
    method: 'delete',
    path: '/v1/uploads/{uploadId}',
    access: 'user',
    scope: 'uploads:write',
    summary: 'Give up an upload and discard its parts',
    params: UploadParams,
    success: { status: 204, body: Nothing },
    problems: ['upload.not_found', 'upload.not_open'],
  }),
} as const;
