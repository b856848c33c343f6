import { type BigIntStats, constants, createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { InvalidKey, ObjectNotFound, PreconditionFailed, StoreUnavailable } from '../errors';
import { assertFolder, assertKey, assertPrefix } from '../key';
import {
  type ByteRange,
  type CompletedPart,
  type ChecksumAlgorithm,
  type CopyOptions,
  type IncomingPart,
  type ObjectContent,
  type ObjectInfo,
  type ObjectSource,
  type ObjectStore,
  type OpenMultipart,
  type PartReceiver,
  type PutOptions,
  type SignedPart,
  type SignPartRequest,
  type StoredPart,
} from '../object-store';
import { resolveRange } from '../range';
import { signStoreUrl } from '../signed-url';
import { checksumHeader } from '../checksum';
import {
  etagOf,
  isForeign,
  isMissing,
  isTaken,
  prune,
  statOf,
  storeError,
  temporary,
  withParent,
  writeFile,
} from './files';
import { DiskMultiparts } from './disk-multiparts';
import { type Metadata, Sidecars } from './sidecar';
import { sweepTemporary, walk } from './walk';

export interface DiskStoreOptions {
  readonly name: string;
  /** Folder of this store alone. Several processes may share it. */
  readonly root: string;
  /** Origin at which {@link storeDataPlane} is mounted. */
  readonly publicUrl: string;
  /** At least 32 characters. */
  readonly signingKey: string;
  /** Smallest part but the last; 5 MiB as in S3 unless told. */
  readonly minimumPartSize?: number;
  /** Flush files before they get their name, so that a power cut can't leave an empty object; true unless told. */
  readonly fsync?: boolean;
}

const infoOf = (key: string, stat: BigIntStats, meta: Metadata): ObjectInfo => ({
  ...{ key, size: Number(stat.size), etag: etagOf(stat), lastModified: stat.mtime },
  ...meta,
});

/**
 * Objects as files under `{root}/objects`, each written elsewhere under `{root}` and renamed into place. Works on any
 * POSIX file system, also a shared one (EFS), and with any number of processes.
 */
export class DiskStore implements ObjectStore, PartReceiver {
  readonly name: string;
  private readonly objects: string;
  private readonly tmp: string;
  private readonly sidecars: Sidecars;
  private readonly multiparts: DiskMultiparts;

  constructor(private readonly options: DiskStoreOptions) {
    this.name = options.name;
    this.objects = path.join(options.root, 'objects');
    this.tmp = path.join(options.root, 'tmp');
    this.sidecars = new Sidecars(path.join(options.root, 'meta'), this.tmp);
    this.multiparts = new DiskMultiparts({
      dir: path.join(options.root, 'multipart'),
      minimumPartSize: options.minimumPartSize ?? 5 * 1024 * 1024,
      fsync: this.fsync,
    });
  }

  private get fsync(): boolean {
    return this.options.fsync ?? true;
  }

  private pathOf(key: string): string {
    return path.join(this.objects, assertKey(key));
  }

  async put(key: string, body: Buffer | Readable, options: PutOptions): Promise<ObjectInfo> {
    const target = this.pathOf(key);
    const temp = temporary(this.tmp);
    await writeFile(temp, body, this.fsync);
    const meta = {
      contentType: options.contentType,
      ...(options.cacheControl !== undefined && { cacheControl: options.cacheControl }),
    };
    return this.publish(temp, target, key, meta, options.ifNoneMatch === '*');
  }

  /** Gives a finished file its name. A hard link, unlike a rename, refuses to replace. */
  private async publish(
    temp: string,
    target: string,
    key: string,
    meta: Metadata,
    onlyNew: boolean,
  ): Promise<ObjectInfo> {
    try {
      if (onlyNew) await withParent(target, () => fs.link(temp, target));
      await this.sidecars.write(key, meta);
      await (onlyNew ? fs.rm(temp) : withParent(target, () => fs.rename(temp, target)));
    } catch (error) {
      await fs.rm(temp, { force: true });
      throw isTaken(error) ? new PreconditionFailed(`${key} is there`) : storeError(error);
    }
    const stat = await statOf(target);
    if (!stat) throw new ObjectNotFound(`no object ${key}`);
    return infoOf(key, stat, meta);
  }

  async get(key: string, options: { readonly range?: ByteRange } = {}): Promise<ObjectContent> {
    const handle = await fs.open(this.pathOf(key), 'r').catch((error: unknown) => {
      throw isMissing(error) ? new ObjectNotFound(`no object ${key}`) : storeError(error);
    });
    try {
      const stat = await handle.stat({ bigint: true });
      if (!stat.isFile()) throw new ObjectNotFound(`no object ${key}`);
      const totalSize = Number(stat.size);
      const range = options.range && resolveRange(options.range, totalSize);
      const { start, end } = range ?? { start: 0, end: totalSize - 1 };
      const meta = await this.sidecars.read(key);
      const empty = end < start;
      if (empty) await handle.close();
      // The handle, not the path, is read: an object replaced meanwhile is still read whole.
      const body = empty
        ? Readable.from([])
        : createReadStream('', { fd: handle, start, end, highWaterMark: 256 * 1024 });
      return {
        key,
        body,
        size: end - start + 1,
        totalSize,
        etag: etagOf(stat),
        lastModified: stat.mtime,
        ...meta,
        ...(range && { range }),
      };
    } catch (error) {
      await handle.close().catch(() => undefined);
      throw error;
    }
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    const stat = await statOf(this.pathOf(key));
    return stat && infoOf(key, stat, await this.sidecars.read(key));
  }

  private async mustHead(key: string): Promise<ObjectInfo> {
    const info = await this.head(key);
    if (!info) throw new ObjectNotFound(`no object ${key}`);
    return info;
  }

  async delete(key: string): Promise<void> {
    const file = this.pathOf(key);
    try {
      await fs.unlink(file);
    } catch (error) {
      // A folder of this name is no object: Linux says EISDIR, macOS EPERM.
      if (!isMissing(error) && (await statOf(file))) throw storeError(error);
    }
    await this.sidecars.delete(key);
    await prune(path.dirname(file), this.objects);
  }

  async deletePrefix(prefix: string): Promise<number> {
    const dir = path.join(this.objects, assertFolder(prefix));
    let count = 0;
    for await (const _ of walk(dir)) count += 1;
    await fs.rm(dir, { recursive: true, force: true, maxRetries: 3 }).catch((error: unknown) => {
      throw storeError(error);
    });
    await this.sidecars.deletePrefix(prefix);
    await prune(path.dirname(dir.replace(/\/$/, '')), this.objects);
    return count;
  }

  async *list(prefix: string): AsyncIterable<ObjectInfo> {
    const folder = assertPrefix(prefix).slice(0, prefix.lastIndexOf('/') + 1);
    for await (const file of walk(path.join(this.objects, folder))) {
      const key = path.relative(this.objects, file).split(path.sep).join('/');
      const info = key.startsWith(prefix) ? await this.head(key) : undefined;
      if (info) yield info; // one that was deleted meanwhile is left out
    }
  }

  async copyFrom(source: ObjectStore, sourceKey: string, key: string, options?: CopyOptions): Promise<ObjectInfo> {
    const from = sameKind(source);
    const own = await from.sidecars.read(assertKey(sourceKey));
    const meta = options ?? own;
    const temp = temporary(this.tmp);
    try {
      await withParent(temp, () => fs.access(this.tmp));
      await fs.copyFile(from.pathOf(sourceKey), temp, constants.COPYFILE_FICLONE);
    } catch (error) {
      throw isMissing(error) ? new ObjectNotFound(`no object ${sourceKey}`) : storeError(error);
    }
    return this.publish(temp, this.pathOf(key), key, meta, false);
  }

  async moveFrom(source: ObjectStore, sourceKey: string, key: string): Promise<ObjectInfo> {
    const from = sameKind(source);
    const [origin, target] = [from.pathOf(sourceKey), this.pathOf(key)];
    if (!(await statOf(origin))) return this.mustHead(key);
    try {
      await this.sidecars.write(key, await from.sidecars.read(sourceKey));
      await withParent(target, () => fs.rename(origin, target));
    } catch (error) {
      if (isForeign(error)) await this.copyFrom(source, sourceKey, key);
      else if (!isMissing(error)) throw storeError(error);
    }
    const info = await this.mustHead(key);
    await from.delete(sourceKey);
    return info;
  }

  async createMultipart(
    key: string,
    options: { readonly contentType: string; readonly checksum?: ChecksumAlgorithm },
  ): Promise<{ multipartId: string }> {
    return this.multiparts.create({ key: assertKey(key), ...options });
  }

  async signPart(request: SignPartRequest): Promise<SignedPart> {
    const { key, multipartId, partNumber, size, checksum } = request;
    const claims = {
      store: this.name,
      method: 'PUT' as const,
      key,
      multipartId,
      partNumber,
      size,
      expires: inSeconds(request.expiresInSeconds),
      ...(checksum && { checksum }),
    };
    return {
      url: signStoreUrl(this.options.publicUrl, claims, this.options.signingKey),
      headers: checksumHeader(checksum),
    };
  }

  putPart(part: IncomingPart): Promise<{ etag: string }> {
    return this.multiparts.put(part);
  }

  listParts(key: string, multipartId: string): Promise<StoredPart[]> {
    return this.multiparts.parts(key, multipartId);
  }

  async completeMultipart(key: string, multipartId: string, parts: readonly CompletedPart[]): Promise<ObjectInfo> {
    const target = this.pathOf(key);
    await this.multiparts.complete(key, multipartId, parts, async (file, contentType) => {
      await this.sidecars.write(key, { contentType });
      await withParent(target, () => fs.rename(file, target));
    });
    return this.mustHead(key);
  }

  abortMultipart(key: string, multipartId: string): Promise<void> {
    return this.multiparts.abort(key, multipartId);
  }

  async *listMultiparts(): AsyncIterable<OpenMultipart> {
    await sweepTemporary(this.tmp); // what a killed process left; this method runs in the sweeper, so nowhere else
    yield* this.multiparts.list();
  }

  async signGet(
    key: string,
    options: { readonly expiresInSeconds: number; readonly responseContentDisposition?: string },
  ): Promise<string> {
    const disposition = options.responseContentDisposition;
    const claims = {
      store: this.name,
      method: 'GET' as const,
      key,
      expires: inSeconds(options.expiresInSeconds),
      ...(disposition !== undefined && { disposition }),
    };
    return signStoreUrl(this.options.publicUrl, claims, this.options.signingKey);
  }

  async source(key: string): Promise<ObjectSource> {
    await this.mustHead(key);
    return { kind: 'file', path: this.pathOf(key) };
  }

  async ready(): Promise<void> {
    try {
      await fs.mkdir(this.tmp, { recursive: true });
      await fs.access(this.tmp, constants.R_OK | constants.W_OK);
    } catch (error) {
      throw new StoreUnavailable('the folder of the store cannot be written', error);
    }
  }

  async close(): Promise<void> {
    // Nothing is held open between calls.
  }
}

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

function sameKind(store: ObjectStore): DiskStore {
  if (store instanceof DiskStore) return store;
  throw new InvalidKey('objects are copied between stores of one kind only');
}
