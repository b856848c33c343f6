/** Names and short texts; libs/delivery says which. */
export type DirectoryEntries = ReadonlyMap<string, string>;

/**
 * What the CDN knows of keys and revocations, where its functions can read it. `entries` is asked after the state of the
 * directory was looked at, and again whenever somebody else has changed it meanwhile: so that what is written is never
 * older than what is there.
 */
export interface EdgeDirectory {
  /** Adds entries, or replaces them. */
  put(entries: () => Promise<DirectoryEntries>): Promise<void>;
  /** Makes it hold these and no others. */
  replace(entries: () => Promise<DirectoryEntries>): Promise<void>;
}

/** Copies of media that a CDN keeps. */
export interface EdgeCopies {
  /** Forgets everything of a video. Doing it again changes nothing. */
  forget(videoId: string): Promise<void>;
}
