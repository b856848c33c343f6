import { DomainError } from '@kinora/contracts-common';
import {
  type CompletedPart,
  type ObjectInfo,
  PartMismatch,
  PartMissing,
  StoreError,
  type Stores,
} from '@kinora/storage';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { chooseParts, partsMismatch, partsMissing } from './chosen-parts';
import { type UploadRepository } from './ports';
import { type Upload, isOpen, sourceKey, stagingFolder, stagingKey, uploadNotFound, uploadNotOpen } from './upload';

export interface CompleteParts {
  readonly uploads: UploadRepository;
  readonly stores: Pick<Stores, 'staging' | 'raw'>;
  /** A completion that went on after its caller was answered, and failed; it will be tried again. */
  readonly onMishap: (error: unknown, uploadId: string) => void;
  /** Milliseconds after which the caller is answered while the work goes on. */
  readonly patienceMs?: number;
}

/** How long others leave an upload alone whose completer has died. */
const LEASE_MS = 10_000;
const isStoreError = (error: unknown, code: string): error is StoreError =>
  error instanceof StoreError && error.code === code;
const sizeMismatch = (size: number) =>
  new DomainError('unprocessable', 'upload.size_mismatch', `${size} bytes arrived, which is not what was announced.`);
export const uploadLost = (cause?: unknown) =>
  new DomainError('gone', 'upload.lost', 'The bytes of this upload are gone. Begin a new one.', { cause });

export type CompleteUpload = ReturnType<typeof createCompleteUpload>;

/**
 * The one way in which an upload becomes a source, for the client's completion, tus, store events and recovery alike. Every step can be
 * repeated: state `completing` and the parts are in the database before the store is touched, and what the stores hold tells where an
 * earlier attempt stopped. A lease keeps two from working at once; the last step counts only with it.
 */
export function createCompleteUpload({ uploads, stores, onMishap, patienceMs = 20_000 }: CompleteParts) {
  const running = new Set<Promise<unknown>>();

  /** The joined object in staging. */
  const join = async (upload: Upload, token: string): Promise<ObjectInfo> => {
    const key = stagingKey(upload);
    const joined = await stores.staging.head(key);
    if (joined) return joined;
    if (upload.multipartId === '') {
      await uploads.end(upload.id, 'completing', 'aborted');
      throw uploadLost();
    }
    try {
      return await stores.staging.completeMultipart(key, upload.multipartId, upload.parts ?? []);
    } catch (error) {
      const missing = error instanceof PartMissing;
      if (missing || error instanceof PartMismatch || isStoreError(error, 'store.part_too_small')) {
        // A part was replaced after it was chosen: the client may send it again.
        await uploads.reopen(upload.id, token);
        if (missing) throw partsMissing(error.partNumbers);
        throw partsMismatch(error instanceof PartMismatch ? error.partNumbers : [1]);
      }
      if (!isStoreError(error, 'store.not_found')) throw error;
      const late = await stores.staging.head(key);
      if (late) return late;
      await uploads.end(upload.id, 'completing', 'aborted');
      throw uploadLost(error);
    }
  };

  const bringToRaw = async (upload: Upload, token: string): Promise<void> => {
    const key = sourceKey(upload);
    if ((await stores.raw.head(key))?.size === upload.size) return;
    const joined = await join(upload, token);
    if (joined.size !== upload.size) {
      await uploads.end(upload.id, 'completing', 'aborted');
      throw sizeMismatch(joined.size);
    }
    await stores.raw.moveFrom(stores.staging, stagingKey(upload), key);
  };

  const work = async (id: string, token: string): Promise<void> => {
    const renewal = setInterval(() => void uploads.lease(id, token, LEASE_MS).catch(() => undefined), LEASE_MS / 3);
    try {
      const upload = await uploads.find(id);
      if (upload?.state !== 'completing') return;
      await bringToRaw(upload, token);
      if (await uploads.complete(upload, token)) {
        // A tail that tus left; not worth failing for.
        await stores.staging.deletePrefix(stagingFolder(upload)).catch(() => undefined);
        return;
      }
      // The video was deleted meanwhile: nobody wants the source.
      const now = await uploads.find(id);
      if (now?.state === 'aborted' || now?.state === 'expired') await stores.raw.delete(sourceKey(upload));
    } finally {
      clearInterval(renewal);
      await uploads.unlease(id, token).catch(() => undefined);
    }
  };

  /** Starts the work and waits for it, as long as patience lasts; what fails later is for the log. */
  const workPatiently = async (id: string, token: string, deadline: number): Promise<void> => {
    const task = work(id, token);
    running.add(task);
    const patience = new AbortController();
    let waiting = true;
    task
      .catch((error: unknown) => (waiting ? undefined : onMishap(error, id)))
      .finally(() => running.delete(task))
      .catch(() => undefined);
    try {
      const over = delay(Math.max(1, deadline - Date.now()), undefined, { signal: patience.signal }).catch(
        () => undefined,
      );
      await Promise.race([task, over]);
    } finally {
      waiting = false;
      patience.abort();
    }
  };

  /** Works on it, or waits for whoever does. Answers when it is done or patience is over. */
  const finish = async (id: string): Promise<void> => {
    const deadline = Date.now() + patienceMs;
    const token = randomUUID();
    for (let pause = 50; Date.now() < deadline; pause = Math.min(pause * 2, 1_000)) {
      if (await uploads.lease(id, token, LEASE_MS)) return workPatiently(id, token, deadline);
      const upload = await uploads.find(id);
      if (upload?.state === 'completed') return;
      // Another completer found a part wrong, or the upload was ended under our hands.
      if (upload?.state !== 'completing') throw uploadNotOpen();
      await delay(pause);
    }
  };

  /** open → completing, because the store has joined the parts, whoever asked it to. False when it has not. */
  const beginJoined = async (upload: Upload): Promise<boolean> =>
    (await stores.staging.head(stagingKey(upload))) !== undefined && (await uploads.beginCompleting(upload.id, []));

  const complete = async (id: string, named?: readonly CompletedPart[]): Promise<{ videoId: string }> => {
    for (;;) {
      const upload = await uploads.find(id);
      if (!upload) throw uploadNotFound();
      if (upload.state === 'completed') return { videoId: upload.videoId };
      if (upload.state === 'completing') {
        await finish(id);
        return { videoId: upload.videoId };
      }
      if (!isOpen(upload)) throw uploadNotOpen();
      const stored = await stores.staging.listParts(stagingKey(upload), upload.multipartId).catch((error: unknown) => {
        if (isStoreError(error, 'store.not_found')) return undefined;
        throw error;
      });
      if (stored) await uploads.beginCompleting(id, chooseParts(upload, stored, named));
      // Gone: completed or ended by another since we looked, or removed from the store by hand.
      else if (!(await beginJoined(upload)) && (await uploads.find(id))?.state === 'open') throw uploadLost();
    }
  };

  return {
    /**
     * Safe to repeat and to run at once with others. `named`: the parts as the client knows them.
     * @throws `upload.not_found`, `upload.not_open`, `upload.part_missing`, `upload.part_mismatch`, `upload.size_mismatch`
     */
    complete,
    /**
     * For whoever has heard that the store has joined the parts: completes nothing that is still being uploaded. False then.
     * @throws as `complete`
     */
    async completeJoined(id: string): Promise<boolean> {
      const upload = await uploads.find(id);
      if (!upload) throw uploadNotFound();
      if (upload.state === 'open' && !(await beginJoined(upload)) && (await uploads.find(id))?.state === 'open')
        return false;
      await complete(id);
      return true;
    },
    /** Finishes what a dead process has left. */
    async resumeInterrupted(): Promise<void> {
      for (const id of await uploads.interrupted(100)) await finish(id).catch((error: unknown) => onMishap(error, id));
    },
    /** Waits for the work at hand. */
    settle: async (): Promise<void> => void (await Promise.allSettled(running)),
  };
}
