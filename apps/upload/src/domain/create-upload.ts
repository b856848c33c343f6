import { DomainError, type Person, forbidden, newId } from '@kinora/contracts-common';
import { type ChecksumAlgorithm } from '@kinora/contracts-upload';
import { type ObjectStore } from '@kinora/storage';
import { type FileLimits, acceptFile, plainText, titleFrom } from './accepted-file';
import { layOut } from './part-layout';
import { type UploadRepository, type VideoCatalog } from './ports';
import { type Upload, stagingKey, uploadNotOpen } from './upload';

export interface CreateParts {
  readonly uploads: UploadRepository;
  readonly catalog: VideoCatalog;
  readonly staging: ObjectStore;
  readonly limits: FileLimits;
  readonly quota: { readonly count: number; readonly bytes: number };
  readonly partBytes: number;
  readonly ttlSeconds: number;
}

export interface Wish {
  readonly filename: string;
  readonly size: number;
  readonly contentType: string;
  readonly title?: string | undefined;
  readonly visibility?: 'private' | 'unlisted' | 'public' | undefined;
  /** An own draft to be filled; a new video otherwise. */
  readonly videoId?: string | undefined;
  readonly checksum?: ChecksumAlgorithm | undefined;
  /** For tus, which chooses the id beforehand. */
  readonly tus?: { readonly id: string; readonly metadata: Upload['metadata'] };
}

const refusals = new Set(['not_found', 'conflict', 'forbidden', 'invalid', 'unprocessable']);
const isRefusal = (error: unknown): boolean => error instanceof DomainError && refusals.has(error.kind);

export type CreateUpload = ReturnType<typeof createCreateUpload>;

/**
 * Begins an upload: a row, then the video, then the multipart. Each step is harmless when the next never comes: a row without a
 * multipart is seen by nobody, and the sweeper ends it.
 */
export const createCreateUpload =
  ({ uploads, catalog, staging, limits, quota, partBytes, ttlSeconds }: CreateParts) =>
  async (
    caller: Person,
    wish: Wish,
  ): Promise<Pick<Upload, 'id' | 'videoId' | 'partSize' | 'partCount' | 'expiresAt'>> => {
    if (!caller.roles.some((role) => role === 'creator' || role === 'admin'))
      throw forbidden('Uploading needs the role creator.');
    const file = acceptFile(wish, limits);
    const takesDraft = wish.videoId !== undefined;
    const upload = {
      ...file,
      ...layOut(file.size, partBytes),
      id: wish.tus?.id ?? newId('upl'),
      videoId: wish.videoId ?? newId('vid'),
      ownerId: caller.userId,
      protocol: wish.tus ? ('tus' as const) : ('multipart' as const),
      checksum: wish.checksum,
      metadata: wish.tus?.metadata,
      expiresAt: new Date(Date.now() + ttlSeconds * 1_000),
      takesDraft,
    };
    const added = await uploads.add(upload, quota);
    if (added === 'quota')
      throw new DomainError(
        'rate_limited',
        'upload.quota_exceeded',
        'Too many unfinished uploads. Finish or abort some first.',
      );
    if (added === 'busy')
      throw new DomainError(
        'conflict',
        'upload.video_busy',
        'This video is being uploaded already. Abort that upload first.',
      );
    try {
      await catalog.register({
        videoId: upload.videoId,
        uploadId: upload.id,
        ownerId: caller.userId,
        title: plainText(wish.title ?? '') || titleFrom(file.filename),
        existing: takesDraft,
        ...(wish.visibility !== undefined && { visibility: wish.visibility }),
      });
    } catch (error) {
      // After a clear no, and for a draft that may be somebody else's, there is nothing to take back. Otherwise the video may exist.
      if (isRefusal(error) || takesDraft) await uploads.forget(upload.id);
      else await uploads.end(upload.id, 'open', 'aborted');
      throw error;
    }
    try {
      const { multipartId } = await staging.createMultipart(stagingKey(upload), {
        contentType: file.contentType,
        ...(upload.checksum && { checksum: upload.checksum }),
      });
      if (!(await uploads.open(upload.id, multipartId))) throw uploadNotOpen();
    } catch (error) {
      // Catalog has agreed, so it may be told that nothing comes.
      await uploads.end(upload.id, 'open', 'aborted');
      throw error;
    }
    return upload;
  };
