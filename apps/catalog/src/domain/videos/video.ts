import { type Visibility } from '@kinora/contracts-catalog';
import { notFound } from '@kinora/contracts-common';
import { type Viewer } from '../viewer';
import { type Pipeline, isWatchable, statusOf, untouched } from './pipeline';

/** An entry of the catalogue. */
export interface VideoEntry {
  readonly id: string;
  readonly ownerId: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly visibility: Visibility;
  readonly channelId: string | null;
  readonly pipeline: Pipeline;
  /** Grants that were issued until then are void. */
  readonly grantsRevokedUntil: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Counts edits by people; what they read and send back. */
  readonly version: number;
  /** Counts every change, so that copies elsewhere know which is newer. */
  readonly revision: number;
}

export interface NewVideo {
  readonly id: string;
  readonly ownerId: string;
  readonly title: string;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly visibility?: Visibility | undefined;
  readonly channelId?: string | null | undefined;
}

/** A draft. Nobody but its owner sees it until they choose otherwise. */
export const draft = (given: NewVideo, now: Date): VideoEntry => ({
  id: given.id,
  ownerId: given.ownerId,
  title: given.title,
  description: given.description ?? '',
  tags: distinct(given.tags ?? []),
  visibility: given.visibility ?? 'private',
  channelId: given.channelId ?? null,
  pipeline: untouched,
  grantsRevokedUntil: null,
  createdAt: now,
  updatedAt: now,
  version: 1,
  revision: 1,
});

export interface VideoEdit {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly visibility?: Visibility | undefined;
  readonly channelId?: string | null | undefined;
}

export const edited = (video: VideoEntry, edit: VideoEdit, now: Date): VideoEntry => ({
  ...video,
  title: edit.title ?? video.title,
  description: edit.description ?? video.description,
  tags: edit.tags ? distinct(edit.tags) : video.tags,
  visibility: edit.visibility ?? video.visibility,
  channelId: edit.channelId === undefined ? video.channelId : edit.channelId,
  updatedAt: now,
  version: video.version + 1,
});

const distinct = (tags: readonly string[]): string[] => [...new Set(tags)];

export const mayEdit = (viewer: Viewer, video: Pick<VideoEntry, 'ownerId'>): boolean =>
  viewer.admin || viewer.userId === video.ownerId;

/** Whoever has the link may see what is unlisted or public. */
export const maySee = (viewer: Viewer, video: Pick<VideoEntry, 'ownerId' | 'visibility'>): boolean =>
  video.visibility !== 'private' || mayEdit(viewer, video);

/** Lists and search show to others only what is public and can be watched. */
export const isListed = (viewer: Viewer, video: VideoEntry): boolean =>
  mayEdit(viewer, video) || (video.visibility === 'public' && isWatchable(statusOf(video.pipeline)));

export const noSuchVideo = () => notFound('video.not_found', 'There is no such video.');
