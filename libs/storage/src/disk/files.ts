import { randomBytes } from 'node:crypto';
import { type BigIntStats } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { type Readable } from 'node:stream';
import { InvalidKey, StoreError, StoreUnavailable } from '../errors';

/** By shape and not by class: under Jest, Node's own errors are of another realm's `Error`. */
const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

/** True for "no such file": also when a parent is missing, or is a file. */
export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
export const isTaken = (error: unknown): boolean => codeOf(error) === 'EEXIST';
export const isForeign = (error: unknown): boolean => codeOf(error) === 'EXDEV';

/** Turns a file system's error into one of ours; others pass. */
export function storeError(error: unknown): unknown {
  if (error instanceof StoreError) return error;
  const code = codeOf(error);
  if (['EISDIR', 'ENOTDIR', 'ENAMETOOLONG', 'ENOTEMPTY'].includes(code))
    return new InvalidKey('the key lies under, or above, another object', error);
  if (['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE', 'ESTALE', 'EBUSY'].includes(code))
    return new StoreUnavailable(`the disk refuses: ${code}`, error);
  return error;
}

/** Inode, time and size: a file that was replaced differs in the first two; a rename keeps all three. */
export const etagOf = (stat: BigIntStats): string =>
  `"${stat.ino.toString(36)}-${stat.mtimeNs.toString(36)}-${stat.size.toString(36)}"`;

export async function statOf(file: string): Promise<BigIntStats | undefined> {
  try {
    const stat = await fs.stat(file, { bigint: true });
    return stat.isFile() ? stat : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw storeError(error);
  }
}

/** Runs an action that needs the parent folder of `file`; makes it when the action fails for the want of it. */
export async function withParent<T>(file: string, action: () => Promise<T>): Promise<T> {
  // A concurrent `prune` may remove the folder again between the two steps: hence a few tries.
  for (let tries = 0; ; tries += 1) {
    try {
      return await action();
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || tries === 4) throw error;
      await fs.mkdir(path.dirname(file), { recursive: true });
    }
  }
}

/** Removes empty folders upwards from `dir`, at most to below `top`. */
export async function prune(dir: string, top: string): Promise<void> {
  for (let at = dir; at.startsWith(top + path.sep); at = path.dirname(at)) {
    try {
      await fs.rmdir(at);
    } catch {
      return; // not empty, gone already, or in use: all fine
    }
  }
}

/** A name that no other process chooses. */
export const temporary = (dir: string): string =>
  path.join(dir, `${Date.now().toString(36)}-${randomBytes(10).toString('hex')}`);

/** Writes bytes to a new file and flushes it, so that the rename that follows can't outlive the bytes. Removes it on failure. */
export async function writeFile(
  file: string,
  body: Buffer | Readable | AsyncIterable<Buffer>,
  fsync: boolean,
): Promise<void> {
  const handle = await withParent(file, () => fs.open(file, 'wx'));
  try {
    if (Buffer.isBuffer(body)) await handle.write(body);
    else for await (const chunk of body) await writeAll(handle, chunk as Buffer);
    if (fsync) await handle.datasync();
  } catch (error) {
    await handle.close();
    await fs.rm(file, { force: true });
    throw storeError(error);
  }
  await handle.close();
}

async function writeAll(handle: fs.FileHandle, chunk: Buffer): Promise<void> {
  for (let at = 0; at < chunk.length;) at += (await handle.write(chunk, at)).bytesWritten;
}

/** Appends `source` to an open file through one buffer. */
export async function append(target: fs.FileHandle, source: string, buffer: Buffer): Promise<number> {
  const from = await fs.open(source, 'r');
  try {
    let total = 0;
    for (;;) {
      const { bytesRead } = await from.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return total;
      await writeAll(target, buffer.subarray(0, bytesRead));
      total += bytesRead;
    }
  } finally {
    await from.close();
  }
}
