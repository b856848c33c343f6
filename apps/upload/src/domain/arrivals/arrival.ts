/** An object that the store says was written to a bucket. */
export interface Arrival {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** Tells one writing of a key from another. Undefined when the event has none. */
  readonly sequencer: string | undefined;
}

/** What was done about an arrival; `code` is stable. */
export type Outcome =
  /** It became, or completed, a video's source. A code says what was wrong with its metadata. */
  | { readonly result: 'taken'; readonly uploadId: string; readonly code?: string | undefined }
  /** Its metadata went to the video. */
  | { readonly result: 'described'; readonly uploadId: string }
  /** It stays where it is; a person should know. */
  | { readonly result: 'refused'; readonly code: string }
  /** Nothing to do. */
  | { readonly result: 'ignored'; readonly code: string };

export const ignored = (code: string): Outcome => ({ result: 'ignored', code });
export const refused = (code: string): Outcome => ({ result: 'refused', code });
