import { type ObjectInfo } from '@kinora/storage';
import { type NewUpload, type VideoDetails } from '../ports';
import { type Upload } from '../upload';
import { type Arrival } from './arrival';

/** What the file beside a watched object says of it. */
export interface Sidecar extends VideoDetails {
  readonly ownerId?: string | undefined;
}

/** A sidecar as it was found: there, not there, or of no use. */
export type FoundSidecar = { readonly sidecar?: Sidecar; readonly problem?: string };

/** A watched object that is being, or was, taken. */
export interface Watched {
  readonly upload: Upload;
  /** Whether it is known what the sidecar says, or that there is none. */
  readonly noted: boolean;
  readonly sidecar: Sidecar | undefined;
  readonly settled: boolean;
}

/** What was taken from the watch folder, in the database. */
export interface WatchedObjects {
  /** By this very arrival. */
  find(arrival: Arrival): Promise<Watched | undefined>;
  /** Adds the upload and the arrival in one transaction; answers with what is at work on the same bytes when there is such. */
  begin(arrival: Arrival, upload: NewUpload): Promise<Watched>;
  /** The newest of this name. */
  newest(key: string): Promise<Watched | undefined>;
  /** Notes what the sidecar says, or that there is none, and whose the upload is then. Once: `mine` is false when another was first. */
  note(uploadId: string, sidecar: Sidecar | undefined): Promise<{ mine: boolean; now: Watched }>;
  /** Notes a sidecar that came after its object was taken without one. */
  noteLate(uploadId: string, sidecar: Sidecar): Promise<void>;
  settle(uploadId: string): Promise<void>;
}

/** The staging bucket under the names that people gave their objects. */
export interface WatchedBucket {
  head(key: string): Promise<ObjectInfo | undefined>;
  sidecarOf(key: string): Promise<FoundSidecar>;
  /** Copies to the raw store. False when the object is gone. */
  copyToRaw(key: string, rawKey: string): Promise<boolean>;
  /** Removes the object if it still has these bytes. */
  remove(key: string, etag: string): Promise<void>;
  removeSidecarOf(key: string): Promise<void>;
}
