import { type Passage, type VideoStatus, type Visibility } from '@kinora/contracts-catalog';
import { type VideoEntry } from '../videos/video';
import { type Viewer } from '../viewer';

export interface VideoFilter {
  readonly status?: VideoStatus | undefined;
  readonly visibility?: Visibility | undefined;
  readonly channelId?: string | undefined;
  readonly tag?: string | undefined;
  readonly ownerId?: string | undefined;
}

/** Reads of videos outside a transaction. */
export interface VideoReader {
  find(id: string): Promise<VideoEntry | undefined>;
  /** Those of the ids that exist, in no order. */
  findMany(ids: readonly string[]): Promise<VideoEntry[]>;
  /** What a viewer may find in lists, newest first, from the id after `before` on. */
  list(viewer: Viewer, filter: VideoFilter, page: { before: string | undefined; limit: number }): Promise<VideoEntry[]>;
}

/** Videos inside a transaction. */
export interface VideoStore {
  /** The entry, locked until the transaction ends: no other change, and no new grant, comes between. */
  lock(id: string): Promise<VideoEntry | undefined>;
  /** False, and nothing changed, when the id is taken. */
  insert(video: VideoEntry): Promise<boolean>;
  /** Writes an entry that was locked, and counts its revision. Keeps the search index in step. */
  save(video: VideoEntry): Promise<void>;
  /** Replaces the transcript of an entry that was locked, and counts the entry's revision. Keeps the search index in step. */
  replacePassages(video: VideoEntry, passages: readonly Passage[]): Promise<void>;
  /** Removes the entry, and with it its grants, its place in the search index and what the delivery log says of it. */
  remove(video: VideoEntry): Promise<void>;
}
