import { DomainError, type Person, notFound } from '@kinora/contracts-common';
import { type ChecksumAlgorithm, type UploadState } from '@kinora/contracts-upload';
import { type CompletedPart } from '@kinora/storage';
import { type PartLayout } from './part-layout';

/** One attempt to bring the bytes of a video. */
export interface Upload extends PartLayout {
  readonly id: string;
  readonly videoId: string;
  readonly ownerId: string;
  readonly state: UploadState;
  /** `watch`: put into the bucket by hand; there is no multipart then. */
  readonly protocol: 'multipart' | 'tus' | 'watch';
  readonly filename: string;
  readonly contentType: string;
  readonly checksum: ChecksumAlgorithm | undefined;
  /** What a tus client said at creation. */
  readonly metadata: Readonly<Record<string, string | null>> | undefined;
  /** Empty without one. */
  readonly multipartId: string;
  /** What a completion has chosen; undefined before. */
  readonly parts: readonly CompletedPart[] | undefined;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** All that an upload has in the staging store lies under this. */
export const stagingFolder = ({ id }: Pick<Upload, 'id'>): string => `uploads/${id}/`;
export const stagingKey = (upload: Pick<Upload, 'id'>): string => `${stagingFolder(upload)}source`;
/** All sources of a video in the raw store lie under this. */
export const sourceFolder = (videoId: string): string => `sources/${videoId}/`;
export const sourceKey = ({ id, videoId }: Pick<Upload, 'id' | 'videoId'>): string => `${sourceFolder(videoId)}${id}`;

export const uploadNotFound = () => notFound('upload.not_found', 'There is no such upload.');
export const uploadNotOpen = () =>
  new DomainError('conflict', 'upload.not_open', 'The upload has ended, or its time is up. Begin a new one.');

export const isOpen = (upload: Upload, now = new Date()): boolean => upload.state === 'open' && upload.expiresAt > now;

/** @throws `upload.not_found` for all but the owner and admins: others learn nothing, not even that it exists. */
export function mustSee(upload: Upload | undefined, caller: Person): Upload {
  if (!upload || (upload.ownerId !== caller.userId && !caller.roles.includes('admin'))) throw uploadNotFound();
  return upload;
}
