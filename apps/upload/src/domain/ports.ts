import { type CompletedPart } from '@kinora/storage';
import { type Upload } from './upload';

export type NewUpload = Omit<Upload, 'state' | 'multipartId' | 'parts' | 'createdAt'> & {
  readonly takesDraft: boolean;
};
export type EndReason = 'aborted' | 'abandoned';

/** The uploads in the database. Changes of state are compare-and-set, and publish their event in the same transaction. */
export interface UploadRepository {
  /** `quota`: the owner has too many unfinished uploads; `busy`: the owner has one for this video. */
  add(upload: NewUpload, quota: { count: number; bytes: number }): Promise<'added' | 'quota' | 'busy'>;
  /** Makes the upload visible. False when it was ended meanwhile. */
  open(id: string, multipartId: string): Promise<boolean>;
  /** Removes an upload that was never opened. */
  forget(id: string): Promise<void>;
  find(id: string): Promise<Upload | undefined>;

  /** open → completing. False when it was not open (any more). */
  beginCompleting(id: string, parts: readonly CompletedPart[]): Promise<boolean>;
  /** Reserves the work of completing for `ms`; renews it for the same token. False when another has it, or it is not completing. */
  lease(id: string, token: string, ms: number): Promise<boolean>;
  /** Gives the work back. */
  unlease(id: string, token: string): Promise<void>;
  /** completing → open, by the holder of the lease. */
  reopen(id: string, token: string): Promise<boolean>;
  /** completing → completed, by the holder of the lease, with `upload.completed`. */
  complete(upload: Upload, token: string): Promise<boolean>;
  /** `from` → aborted or expired, with `upload.ended`. */
  end(id: string, from: 'open' | 'completing', reason: EndReason): Promise<boolean>;

  /** Those in completing that nobody works on. */
  interrupted(limit: number): Promise<string[]>;
  /** Ids of open ones whose time is up. */
  overdue(limit: number): Promise<string[]>;
  /** Creations older than a quarter of an hour that never got to be open. */
  halfCreated(limit: number): Promise<{ id: string; takesDraft: boolean }[]>;
  /** Ended ones, by id after `after`, whose left-overs in the stores have still to go and that nobody works on. */
  uncleaned(after: string, limit: number): Promise<{ id: string; videoId: string; multipartId: string | undefined }[]>;
  markCleaned(id: string): Promise<void>;
  /** Those of these multipart ids that belong to unfinished uploads. */
  unfinishedMultiparts(ids: readonly string[]): Promise<Set<string>>;
  /** Ends whatever the video has unfinished, without an event: nobody is left who asks. */
  endAllOf(videoId: string): Promise<void>;
}

/** The catalogue of videos. */
export interface VideoCatalog {
  /** Creates the video, or takes an own draft; harmless to repeat. @throws `video.not_found`, `video.not_draft` */
  register(video: {
    videoId: string;
    uploadId: string;
    ownerId: string;
    title: string;
    visibility?: 'private' | 'unlisted' | 'public';
    description?: string;
    tags?: readonly string[];
    existing: boolean;
  }): Promise<void>;
  /** Describes a video that nobody has edited yet. */
  describe(videoId: string, details: VideoDetails): Promise<'described' | 'edited' | 'gone'>;
}

/** What is said of a video. */
export interface VideoDetails {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly visibility?: 'private' | 'unlisted' | 'public' | undefined;
}
