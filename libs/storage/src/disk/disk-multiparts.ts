import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { checksummer } from '../checksum';
import { ChecksumMismatch, ObjectNotFound, SizeMismatch } from '../errors';
import {
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  type CompletedPart,
  type IncomingPart,
  type OpenMultipart,
  type StoredPart,
} from '../object-store';
import { checkParts } from '../parts';
import { isMissing, isTaken, storeError, writeFile } from './files';
import { Joiner } from './joiner';
import { fileNameOf, partOf } from './part-file';

const Manifest = z.object({
  key: z.string(),
  contentType: z.string(),
  checksum: z.enum(CHECKSUM_ALGORITHMS).optional(),
  createdAt: z.iso.datetime(),
});
type Manifest = z.output<typeof Manifest>;

const ID = /^[0-9a-f]{40}$/;
const DONE = '.done';
const REMOVAL_DELAY_MS = 5_000;
/** Of a folder that nobody wants any more. */
const DOOMED = '.aborted';
const remove = (folder: string): Promise<void> => fs.rm(folder, { recursive: true, force: true, maxRetries: 3 });
const gone = (multipartId: string): ObjectNotFound =>
  new ObjectNotFound(`no multipart upload ${multipartId.slice(0, 40)}`);

/**
 * Multipart uploads as folders: `{id}/upload.json` and a file per part. Completion joins what is not yet joined into `{id}/joined`,
 * renames the folder to `{id}.done`, which one of several concurrent callers wins and which ends the acceptance of
 * parts, and gives the joined file its name. A crash at any point leaves a state that the next call completes.
 */
export class DiskMultiparts {
  private readonly joiner: Joiner;

  constructor(
    private readonly options: { readonly dir: string; readonly minimumPartSize: number; readonly fsync: boolean },
  ) {
    this.joiner = new Joiner(options.fsync);
  }

  async create(upload: {
    key: string;
    contentType: string;
    checksum?: ChecksumAlgorithm;
  }): Promise<{ multipartId: string }> {
    const multipartId = randomBytes(20).toString('hex');
    const manifest: Manifest = { ...upload, createdAt: new Date().toISOString() };
    await writeFile(
      path.join(this.folder(multipartId), 'upload.json'),
      Buffer.from(JSON.stringify(manifest)),
      this.options.fsync,
    );
    return { multipartId };
  }

  private folder(multipartId: string): string {
    if (!ID.test(multipartId)) throw gone(multipartId);
    return path.join(this.options.dir, multipartId);
  }

  /** @throws `store.not_found` unless this multipart is open and belongs to `key`. */
  private async manifest(folder: string, key: string, multipartId: string): Promise<Manifest> {
    try {
      const manifest = Manifest.parse(JSON.parse(await fs.readFile(path.join(folder, 'upload.json'), 'utf8')));
      if (manifest.key !== key) throw gone(multipartId);
      return manifest;
    } catch (error) {
      throw isMissing(error) ? gone(multipartId) : error;
    }
  }

  async put(part: IncomingPart): Promise<{ etag: string }> {
    const folder = this.folder(part.multipartId);
    const { checksum: needed } = await this.manifest(folder, part.key, part.multipartId);
    if (needed !== undefined && part.checksum?.algorithm !== needed)
      throw new ChecksumMismatch(`a ${needed} checksum is required`);
    const etag = randomBytes(16).toString('hex');
    const temp = path.join(folder, `incoming.${etag}`);
    await writeFile(temp, proven(part), this.options.fsync);
    const { partNumber, checksum } = part;
    const file = path.join(folder, fileNameOf({ partNumber, etag, ...(checksum && { checksum }) }));
    try {
      await fs.rename(temp, file);
      await this.dropFormer(folder, partNumber, etag);
      await this.joiner.arrived(folder, partNumber, file);
    } catch (error) {
      throw isMissing(error) ? gone(part.multipartId) : storeError(error);
    }
    return { etag: `"${etag}"` };
  }

  /** The newest file of a number is the part. Two writers of one number at once may leave two for a moment; `stored` picks. */
  private async dropFormer(folder: string, partNumber: number, etag: string): Promise<void> {
    const others = (await fs.readdir(folder)).flatMap((name) => {
      const file = partOf(name);
      return file?.partNumber === partNumber && file.etag !== etag ? [name] : [];
    });
    await Promise.all(others.map((name) => fs.rm(path.join(folder, name), { force: true })));
  }

  private async stored(folder: string): Promise<(StoredPart & { file: string })[]> {
    const newest = new Map<number, StoredPart & { file: string }>();
    for (const name of await fs.readdir(folder)) {
      const part = partOf(name);
      const stat = part && (await fs.stat(path.join(folder, name)).catch(() => undefined));
      if (!part || !stat) continue;
      const former = newest.get(part.partNumber);
      if (former && former.lastModified >= stat.mtime) continue;
      newest.set(part.partNumber, {
        ...part,
        etag: `"${part.etag}"`,
        size: stat.size,
        lastModified: stat.mtime,
        file: path.join(folder, name),
      });
    }
    return [...newest.values()].sort((a, b) => a.partNumber - b.partNumber);
  }

  async parts(key: string, multipartId: string): Promise<StoredPart[]> {
    const folder = this.folder(multipartId);
    await this.manifest(folder, key, multipartId);
    return (await this.stored(folder)).map(({ file: _, ...part }) => part);
  }

  /** @param publish gives the joined file its final name; may run again after a crash. */
  async complete(
    key: string,
    multipartId: string,
    list: readonly CompletedPart[],
    publish: (file: string, contentType: string) => Promise<void>,
  ): Promise<void> {
    const folder = this.folder(multipartId);
    const done = folder + DONE;
    const interrupted = await this.manifest(done, key, multipartId).catch(() => undefined);
    if (!interrupted) {
      await this.manifest(folder, key, multipartId);
      try {
        const chosen = checkParts(list, await this.stored(folder), this.options.minimumPartSize);
        await this.joiner.join(folder, chosen);
        await fs.rename(folder, done);
      } catch (error) {
        throw isMissing(error) ? gone(multipartId) : storeError(error);
      }
    }
    const { contentType } = interrupted ?? (await this.manifest(done, key, multipartId));
    try {
      await publish(path.join(done, 'joined'), contentType);
    } catch (error) {
      throw isMissing(error) ? gone(multipartId) : storeError(error);
    }
    await fs.rename(done, folder + DOOMED).catch(() => undefined);
    // Not now: freeing large files holds up what others flush, such as the record of this completion. What a crash leaves goes with the next listing.
    setTimeout(() => void remove(folder + DOOMED).catch(() => undefined), REMOVAL_DELAY_MS).unref();
  }

  async abort(key: string, multipartId: string): Promise<void> {
    if (!ID.test(multipartId)) return;
    const folder = this.folder(multipartId);
    this.joiner.forget(folder);
    for (const dir of [folder, folder + DONE]) {
      const ours = await this.manifest(dir, key, multipartId).catch(() => undefined);
      // Renamed first: parts that are still arriving fail, rather than appear in a folder that is being removed.
      const doomed = dir + DOOMED;
      if (ours && (await fs.rename(dir, doomed).then(() => true, isTaken))) await remove(doomed);
    }
  }

  async *list(): AsyncIterable<OpenMultipart> {
    const names = await fs.readdir(this.options.dir).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw storeError(error);
    });
    for (const name of names) {
      const folder = path.join(this.options.dir, name);
      if (name.endsWith(DOOMED)) await remove(folder);
      const text = await fs.readFile(path.join(folder, 'upload.json'), 'utf8').catch(() => undefined);
      const manifest = text === undefined ? undefined : Manifest.safeParse(JSON.parse(text)).data;
      if (manifest)
        yield { key: manifest.key, multipartId: name.replace(DONE, ''), createdAt: new Date(manifest.createdAt) };
    }
  }
}

/**
 * Passes a part's bytes on, and fails at its end unless there were `size` of them with the right checksum. What is left
 * of the body after a failure stays unread: a request that is torn down can't be answered.
 */
async function* proven(part: IncomingPart): AsyncGenerator<Buffer> {
  const sum = part.checksum && checksummer(part.checksum.algorithm);
  let size = 0;
  for await (const chunk of part.body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > part.size) throw new SizeMismatch(`more than ${part.size} bytes`);
    sum?.update(chunk);
    yield chunk;
  }
  if (size !== part.size) throw new SizeMismatch(`${size} bytes instead of ${part.size}`);
  if (sum && sum.base64() !== part.checksum?.value)
    throw new ChecksumMismatch(`part ${part.partNumber} is not what was signed`);
}
