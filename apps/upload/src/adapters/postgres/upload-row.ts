import { type ChecksumAlgorithm, type UploadState } from '@kinora/contracts-upload';
import { type CompletedPart } from '@kinora/storage';
import { type NewUpload } from '../../domain/ports';
import { type Upload } from '../../domain/upload';

export interface UploadRow {
  id: string;
  video_id: string;
  owner_id: string;
  state: UploadState;
  protocol: Upload['protocol'];
  filename: string;
  content_type: string;
  /** bigint: the driver gives text. */
  size: string;
  part_size: number;
  part_count: number;
  checksum: ChecksumAlgorithm | null;
  metadata: string | null;
  multipart_id: string | null;
  parts: CompletedPart[] | null;
  created_at: Date;
  expires_at: Date;
}

export const uploadColumns = [
  'id',
  'video_id',
  'owner_id',
  'state',
  'protocol',
  'filename',
  'content_type',
  'size',
  'part_size',
  'part_count',
  'checksum',
  'metadata',
  'multipart_id',
  'parts',
  'created_at',
  'expires_at',
] as const;

export const toUpload = (row: UploadRow): Upload => ({
  id: row.id,
  videoId: row.video_id,
  ownerId: row.owner_id,
  state: row.state,
  protocol: row.protocol,
  filename: row.filename,
  contentType: row.content_type,
  size: Number(row.size),
  partSize: row.part_size,
  partCount: row.part_count,
  checksum: row.checksum ?? undefined,
  metadata: row.metadata === null ? undefined : (JSON.parse(row.metadata) as Upload['metadata']),
  multipartId: row.multipart_id ?? '',
  parts: row.parts ?? undefined,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
});

export const insertable = (upload: NewUpload) => ({
  id: upload.id,
  video_id: upload.videoId,
  owner_id: upload.ownerId,
  state: 'open',
  protocol: upload.protocol,
  filename: upload.filename,
  content_type: upload.contentType,
  size: upload.size,
  part_size: upload.partSize,
  part_count: upload.partCount,
  checksum: upload.checksum ?? null,
  metadata: upload.metadata === undefined ? null : JSON.stringify(upload.metadata),
  takes_draft: upload.takesDraft,
  expires_at: upload.expiresAt,
});
