import { type Readable } from 'node:stream';

/** Algorithms with which a part can be proven on its way. Values travel as base64 of the raw digest, as S3 has them. */
export const CHECKSUM_ALGORITHMS = ['sha256', 'crc32', 'crc32c'] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** A checksum of one part. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** base64 of the digest's bytes (CRC32 and CRC32C: four bytes, big endian). */
  readonly value: string;
}

/** What is known of an object without reading it. */
export interface ObjectInfo {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Quoted, as in HTTP; changes whenever the bytes may have changed. Opaque: not a digest. */
  readonly etag: string;
  readonly contentType: string;
  readonly lastModified: Date;
  readonly cacheControl?: string;
}

/** Bytes wanted: `end` is inclusive; `suffix` is a count from the end. Clamped to the object's size. */
export type ByteRange = { readonly start: number; readonly end?: number } | { readonly suffix: number };

export interface ObjectContent extends Omit<ObjectInfo, 'size'> {
  /** Must be read to its end or destroyed. Emits an error if the bytes stop short of `size`. */
  readonly body: Readable;
  /** Bytes that `body` will carry. */
  readonly size: number;
  /** Bytes of the whole object. */
  readonly totalSize: number;
  /** What is carried, resolved (`end` inclusive). Undefined when the whole object was asked for. */
  readonly range?: { readonly start: number; readonly end: number };
}

export interface PutOptions {
  readonly contentType: string;
  readonly cacheControl?: string;
  /** Only `*`: write only if no object has this key, atomically; otherwise `store.precondition_failed`. */
  readonly ifNoneMatch?: '*';
}

/** What is told of a copy, in place of what is told of its source. */
export type CopyOptions = Pick<PutOptions, 'contentType' | 'cacheControl'>;

export interface SignPartRequest {
  readonly key: string;
  readonly multipartId: string;
  /** 1 … 10,000. */
  readonly partNumber: number;
  /** Exact bytes of the part; the store refuses any other length. */
  readonly size: number;
  /** The store refuses other bytes. Give it when the multipart was created with a checksum. */
  readonly checksum?: Checksum;
  readonly expiresInSeconds: number;
  /** Sent by a service itself: not by a way that is made for clients far away. */
  readonly inside?: boolean;
}

/** A request that the client makes itself: `PUT url` with exactly these headers and the part's bytes. */
export interface SignedPart {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface StoredPart {
  readonly partNumber: number;
  readonly size: number;
  readonly etag: string;
  readonly checksum?: Checksum;
  readonly lastModified: Date;
}

export interface CompletedPart {
  readonly partNumber: number;
  readonly etag: string;
  /** base64; checked against what was stored when given. */
  readonly checksum?: string;
}

export interface OpenMultipart {
  readonly key: string;
  readonly multipartId: string;
  readonly createdAt: Date;
}

/** How a tool such as ffmpeg reads an object by itself. */
export type ObjectSource =
  { readonly kind: 'file'; readonly path: string } | { readonly kind: 'url'; readonly url: string };

/**
 * One bucket. Keys are `/`-separated names of safe ASCII characters (see `assertKey`); a key never lies "under" another
 * object's key. A method that fails throws a `StoreError`; `store.unavailable` is worth a retry, the others are not.
 * Writes are atomic: a reader sees the old object, the new one or none, never a part of one.
 */
export interface ObjectStore {
  /** `staging`, `raw`, `distribution`, … */
  readonly name: string;

  /**
   * Writes an object, replacing any former one. A stream is read once, with bounded memory; if it fails, nothing is
   * written and its error is rethrown.
   */
  put(key: string, body: Buffer | Readable, options: PutOptions): Promise<ObjectInfo>;

  /** @throws `store.not_found`; `store.range_not_satisfiable` if the range starts past the end. */
  get(key: string, options?: { readonly range?: ByteRange }): Promise<ObjectContent>;

  /** Undefined if there is no such object. */
  head(key: string): Promise<ObjectInfo | undefined>;

  /** Succeeds if there is no such object. */
  delete(key: string): Promise<void>;

  /** Deletes every object whose key starts with `prefix`, which must end in `/`. Returns how many; succeeds if none. */
  deletePrefix(prefix: string): Promise<number>;

  /** Objects whose key starts with `prefix` (empty: all), in no promised order, a page at a time. */
  list(prefix: string): AsyncIterable<ObjectInfo>;

  /**
   * Copies within the back end, of any size, without passing the bytes through this process. What is told of the object
   * goes along, unless the copy is given its own. @throws `store.not_found`.
   */
  copyFrom(source: ObjectStore, sourceKey: string, key: string, options?: CopyOptions): Promise<ObjectInfo>;

  /**
   * Copies, then deletes the source (a rename on a disk). Safe to run again after a crash: if the source is gone and
   * the target is there, it answers with the target. @throws `store.not_found` if neither is there.
   */
  moveFrom(source: ObjectStore, sourceKey: string, key: string): Promise<ObjectInfo>;

  /** Opens a multipart upload. With `checksum`, every part must be signed with one. */
  createMultipart(
    key: string,
    options: { readonly contentType: string; readonly checksum?: ChecksumAlgorithm },
  ): Promise<{ multipartId: string }>;

  /** Signs one PUT, bound to key, multipart, part number, size, checksum and expiry. Doesn't check that the multipart exists. */
  signPart(request: SignPartRequest): Promise<SignedPart>;

  /** Parts received so far, by part number. @throws `store.not_found` if the multipart is gone (completed or aborted). */
  listParts(key: string, multipartId: string): Promise<StoredPart[]>;

  /**
   * Joins the parts, in order of part number whatever the order of the list, and closes the multipart.
   * @throws `store.part_missing`, `store.part_mismatch` (etag or checksum differs, or a number twice),
   * `store.part_too_small` (any but the last under 5 MiB), and `store.not_found` if the multipart is gone, also
   * because it was completed before: look with `head`.
   */
  completeMultipart(key: string, multipartId: string, parts: readonly CompletedPart[]): Promise<ObjectInfo>;

  /** Drops the parts. Succeeds if the multipart is gone. */
  abortMultipart(key: string, multipartId: string): Promise<void>;

  /** Multiparts neither completed nor aborted, for a sweeper. */
  listMultiparts(): AsyncIterable<OpenMultipart>;

  /** A URL that GETs (or HEADs) one object without further credentials. Doesn't check that the object exists. */
  signGet(
    key: string,
    options: { readonly expiresInSeconds: number; readonly responseContentDisposition?: string },
  ): Promise<string>;

  /** A URL is valid for six hours. @throws `store.not_found` */
  source(key: string): Promise<ObjectSource>;

  /** Resolves if the back end answers and the bucket is there; otherwise throws `store.unavailable`. Takes five seconds at most. */
  ready(): Promise<void>;

  /** Frees sockets. The store must not be used afterwards. */
  close(): Promise<void>;
}

/** A part on its way into a store that is its own data plane. */
export interface IncomingPart {
  readonly key: string;
  readonly multipartId: string;
  readonly partNumber: number;
  readonly size: number;
  readonly checksum?: Checksum;
  readonly body: Readable;
}

/** A further ability of stores whose part URLs lead back to us (`disk`). */
export interface PartReceiver {
  /**
   * Stores the part, replacing a former one of that number, only when `size` bytes with the right checksum arrived.
   * @throws `store.not_found` (multipart gone, or of another key), `store.size_mismatch`, `store.checksum_mismatch`.
   */
  putPart(part: IncomingPart): Promise<{ etag: string }>;
}

/** The three buckets of the platform. */
export interface Stores {
  readonly staging: ObjectStore;
  readonly raw: ObjectStore;
  readonly distribution: ObjectStore;
}
export type StoreName = keyof Stores;

/** Is this store its own data plane? */
export const isPartReceiver = (store: ObjectStore): store is ObjectStore & PartReceiver => 'putPart' in store;
