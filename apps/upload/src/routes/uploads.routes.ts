import { uploadsContract } from '@kinora/contracts-upload';
import { type Mounting, mount } from '@kinora/service';
import { Router } from 'express';
import { type CompleteUpload } from '../domain/complete-upload';
import { type CreateUpload } from '../domain/create-upload';
import { type EndUpload } from '../domain/end-upload';
import { type UploadRepository } from '../domain/ports';
import { type createReadUpload } from '../domain/read-upload';
import { type createSignParts } from '../domain/sign-parts';
import { mustSee } from '../domain/upload';

export interface UploadRouteParts {
  readonly uploads: Pick<UploadRepository, 'find'>;
  readonly createUpload: CreateUpload;
  readonly readUpload: ReturnType<typeof createReadUpload>;
  readonly signParts: ReturnType<typeof createSignParts>;
  readonly completion: CompleteUpload;
  readonly ending: EndUpload;
  readonly mounting: Mounting;
}

/** Multipart uploads, straight to the object store. */
export function uploadRoutes({
  uploads,
  createUpload,
  readUpload,
  signParts,
  completion,
  ending,
  mounting,
}: UploadRouteParts): Router {
  const router = Router();
  mount(router, uploadsContract.createUpload, mounting, async ({ caller, body }) => {
    const { id, videoId, partSize, partCount, expiresAt } = await createUpload(caller, body);
    return { id, videoId, partSize, partCount, expiresAt: expiresAt.toISOString() };
  });
  mount(router, uploadsContract.signParts, mounting, async ({ caller, params, body }) => ({
    parts: await signParts(caller, params.uploadId, body),
  }));
  mount(router, uploadsContract.getUpload, mounting, async ({ caller, params }) => {
    const { stored, expiresAt, ...upload } = await readUpload(caller, params.uploadId);
    return {
      ...upload,
      expiresAt: expiresAt.toISOString(),
      parts: stored.map(({ partNumber, size, etag }) => ({ partNumber, size, etag })),
    };
  });
  mount(router, uploadsContract.completeUpload, mounting, async ({ caller, params, body }) => {
    mustSee(await uploads.find(params.uploadId), caller);
    const named = body.parts.map(({ checksum, ...part }) => ({ ...part, ...(checksum !== undefined && { checksum }) }));
    return completion.complete(params.uploadId, named);
  });
  mount(router, uploadsContract.abortUpload, mounting, async ({ caller, params }) => {
    await ending.abort(caller, params.uploadId);
    return undefined;
  });
  return router;
}
