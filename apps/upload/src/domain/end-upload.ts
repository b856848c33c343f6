import { type Person } from '@kinora/contracts-common';
import { type Stores } from '@kinora/storage';
import { type UploadRepository } from './ports';
import { mustSee, sourceFolder, sourceKey, stagingFolder, stagingKey, uploadNotOpen } from './upload';

export interface EndParts {
  readonly uploads: UploadRepository;
  readonly stores: Pick<Stores, 'staging' | 'raw'>;
  readonly onMishap: (error: unknown, uploadId: string) => void;
}

const BATCH = 100;
/** A multipart this young may belong to an upload that is just being created. */
const ORPHAN_AGE_MS = 3_600_000;

type Leftovers = { id: string; videoId: string; multipartId?: string | undefined };
export type EndUpload = ReturnType<typeof createEndUpload>;

/** All ways in which an upload ends without a file, and what then has to go. */
export function createEndUpload({ uploads, stores: { staging, raw }, onMishap }: EndParts) {
  const clean = async ({ id, videoId, multipartId }: Leftovers): Promise<void> => {
    if (multipartId !== undefined) await staging.abortMultipart(stagingKey({ id }), multipartId);
    await staging.deletePrefix(stagingFolder({ id }));
    await raw.delete(sourceKey({ id, videoId }));
    await uploads.markCleaned(id);
  };
  /** What can't be removed now is removed by the sweeper. */
  const tryClean = (upload: Leftovers): Promise<void> =>
    clean(upload).catch((error: unknown) => onMishap(error, upload.id));

  const cleanEnded = async (): Promise<void> => {
    for (let after = ''; ;) {
      const batch = await uploads.uncleaned(after, BATCH);
      for (const upload of batch) await tryClean(upload);
      after = batch.at(-1)?.id ?? after;
      if (batch.length < BATCH) return;
    }
  };

  const expireOverdue = async (): Promise<void> => {
    for (;;) {
      const batch = await uploads.overdue(BATCH);
      for (const id of batch) await uploads.end(id, 'open', 'abandoned');
      if (batch.length < BATCH) return;
    }
  };

  const endHalfCreated = async (): Promise<void> => {
    for (const { id, takesDraft } of await uploads.halfCreated(BATCH)) {
      // Of a draft nobody knows whether catalog would have agreed, so nobody is told.
      if (takesDraft) await uploads.forget(id);
      else await uploads.end(id, 'open', 'abandoned');
    }
  };

  const abortOrphans = async (): Promise<void> => {
    const before = Date.now() - ORPHAN_AGE_MS;
    const drop = async (batch: { key: string; multipartId: string }[]): Promise<void> => {
      const wanted = await uploads.unfinishedMultiparts(batch.map((one) => one.multipartId));
      for (const one of batch) if (!wanted.has(one.multipartId)) await staging.abortMultipart(one.key, one.multipartId);
    };
    const batch: { key: string; multipartId: string }[] = [];
    for await (const multipart of staging.listMultiparts()) {
      if (multipart.createdAt.getTime() < before) batch.push(multipart);
      if (batch.length === BATCH) await drop(batch.splice(0));
    }
    await drop(batch);
  };

  return {
    /** Harmless to repeat. @throws `upload.not_found`, `upload.not_open` when it is too late */
    async abort(caller: Person, id: string): Promise<void> {
      const upload = mustSee(await uploads.find(id), caller);
      if (await uploads.end(id, 'open', 'aborted')) return tryClean(upload);
      const { state } = mustSee(await uploads.find(id), caller);
      if (state !== 'aborted' && state !== 'expired') throw uploadNotOpen();
    },
    /** Removes all that this service keeps of a video. Harmless to repeat. */
    async forgetVideo(videoId: string): Promise<void> {
      await uploads.endAllOf(videoId);
      await raw.deletePrefix(sourceFolder(videoId));
      await cleanEnded();
    },
    /** Ends what is overdue and removes what ended uploads left. */
    async sweep(): Promise<void> {
      await expireOverdue();
      await endHalfCreated();
      await cleanEnded();
      await abortOrphans();
    },
  };
}
