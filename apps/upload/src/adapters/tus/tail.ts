import { type ObjectStore } from '@kinora/storage';
import { type Upload, stagingFolder } from '../../domain/upload';

/**
 * The bytes of a part that is not whole yet. Each request that ends inside a part leaves one object, named by the offset at which it
 * begins: `uploads/{id}/tail/{offset}`. Names that overlap (a writer that lost its lock) hold the same bytes of the same file.
 */
export interface Tail {
  readonly keys: readonly string[];
  readonly size: number;
}

const folder = (upload: Pick<Upload, 'id'>): string => `${stagingFolder(upload)}tail/`;
const keyOf = (upload: Pick<Upload, 'id'>, offset: number): string =>
  `${folder(upload)}${String(offset).padStart(15, '0')}`;
const offsetOf = (key: string): number => Number(key.slice(key.lastIndexOf('/') + 1));

/** The unbroken stretch of stored bytes that begins at `start`. */
export async function findTail(store: ObjectStore, upload: Pick<Upload, 'id'>, start: number): Promise<Tail> {
  const pieces: { key: string; offset: number; size: number }[] = [];
  for await (const { key, size } of store.list(folder(upload))) pieces.push({ key, offset: offsetOf(key), size });
  pieces.sort((a, b) => a.offset - b.offset);
  const keys: string[] = [];
  let end = start;
  for (const piece of pieces) {
    if (piece.offset !== end || piece.size === 0) continue;
    keys.push(piece.key);
    end += piece.size;
  }
  return { keys, size: end - start };
}

export async function readTail(store: ObjectStore, tail: Tail): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  for (const key of tail.keys) for await (const chunk of (await store.get(key)).body) chunks.push(chunk as Buffer);
  return chunks;
}

export const appendTail = async (
  store: ObjectStore,
  upload: Pick<Upload, 'id'>,
  offset: number,
  bytes: Buffer,
): Promise<void> => void (await store.put(keyOf(upload, offset), bytes, { contentType: 'application/octet-stream' }));

/** The part is whole: its pieces may go. */
export async function dropTail(store: ObjectStore, tail: Tail): Promise<void> {
  for (const key of tail.keys) await store.delete(key);
}
