import { type MediaInput, type ShortIndex, shortIndex } from '@kinora/media';
import { type ObjectStore } from '@kinora/storage';
import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import { type BlockCache, type SourceObject, createBlockCache } from './block-cache';
import { createRangeServer } from './range-server';
import { makeScratch } from './scratch';
import { LONGEST_PIECE, type SourceView, cachedView, directView, patchedView, readAll } from './source-view';

export interface SourcesOptions {
  readonly store: Pick<ObjectStore, 'get'>;
  /** The folder in which blocks and copies are kept, in folders of this process's own. */
  readonly scratch: string;
  readonly maxBytes: number;
  /** Told how many bytes the store has sent. */
  readonly onBytes?: (count: number) => void;
  /** An address of a beginning is only given where it saves so many bytes of the index. @default 128 KiB */
  readonly leastSaved?: number;
}

/** A source as ffmpeg is to read it, until it is given back. */
export interface Lent {
  readonly input: MediaInput;
  readonly release: () => Promise<void>;
}

/** How ffmpeg reads sources through this process. Nothing of it is there until it is needed. */
export interface Sources {
  /** An address of an object that is no file on this machine. */
  urlOf(object: SourceObject): Promise<string>;
  /**
   * An object of which only the first seconds are read, with an index that ends there: a long one costs seconds. A copy of them
   * where the object is a file, so that it is read once for all readers. Undefined where it is as cheap to read as it is.
   */
  beginningOf(object: SourceObject, seconds: number, isFile: boolean): Promise<Lent | undefined>;
  close(): Promise<void>;
}

/** A longer beginning is read where it is. */
const MOST_COPIED = 32 * 1024 ** 2;

/** Writes parts of a source, no blocks, to where they lie in it; the rest of the file is holes. */
async function copyParts(view: SourceView, spans: NonNullable<ShortIndex['spans']>, to: string): Promise<void> {
  const hole = Buffer.alloc(LONGEST_PIECE);
  await using file = await open(to, 'wx');
  await file.truncate(view.size);
  for (const span of spans)
    for (let at = span.at; at < span.end;) {
      const piece = await view.piece(at, span.end - 1);
      if (!piece.equals(hole.subarray(0, piece.length))) await file.write(piece, 0, piece.length, at);
      at += piece.length;
    }
}

export function createSources(options: SourcesOptions): Sources {
  const { store, scratch, maxBytes, onBytes, leastSaved = 128 * 1024 } = options;
  const server = createRangeServer();
  const closing = new AbortController();
  let cache: Promise<BlockCache> | undefined;
  let copies: Promise<string> | undefined;
  const makeCache = async (): Promise<BlockCache> =>
    createBlockCache({ store, folder: await makeScratch(scratch), maxBytes, onBytes });
  const cached = async (object: SourceObject): Promise<SourceView> => {
    cache ??= makeCache().catch((error: unknown) => {
      cache = undefined;
      throw error;
    });
    return cachedView(await cache, object);
  };
  const folderOfCopies = (): Promise<string> =>
    (copies ??= makeScratch(scratch).catch((error: unknown) => {
      copies = undefined;
      throw error;
    }));
  const direct = (object: SourceObject): SourceView => directView(store, object, { signal: closing.signal, onBytes });

  /** Undefined where there is no room: that costs time, not the job. */
  const copyOf = async (view: SourceView, spans: NonNullable<ShortIndex['spans']>): Promise<Lent | undefined> => {
    let file: string | undefined;
    const release = async (): Promise<void> => void (file && (await rm(file, { force: true })));
    try {
      file = path.join(await folderOfCopies(), `beginning-${randomBytes(8).toString('hex')}`);
      await copyParts(view, spans, file);
      return { input: { kind: 'file', path: file }, release };
    } catch {
      await release().catch(() => undefined);
      return undefined;
    }
  };

  return {
    urlOf: async (object) => server.urlOf(await cached(object)),
    async beginningOf(object, seconds, isFile) {
      const whole = isFile ? direct(object) : await cached(object);
      const read = (start: number, length: number) => readAll(whole, start, start + length - 1);
      const short = await shortIndex(read, object.size, seconds);
      if (!short) return undefined;
      const { patches, saved, spans } = short;
      const view = patchedView(whole, `first ${seconds} s`, patches);
      const bytes = spans?.reduce((sum, { at, end }) => sum + end - at, -saved) ?? Number.POSITIVE_INFINITY;
      const copy = isFile && spans && bytes <= MOST_COPIED ? await copyOf(view, spans) : undefined;
      if (copy || saved < leastSaved) return copy;
      return { input: { kind: 'url', url: await server.urlOf(view) }, release: async () => undefined };
    },
    async close() {
      closing.abort(new Error('the encoder stops'));
      await server.close();
      await (await cache)?.close();
      const folder = await copies?.catch(() => undefined);
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}
