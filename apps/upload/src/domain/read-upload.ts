import { type Person } from '@kinora/contracts-common';
import { type ObjectStore, StoreError, type StoredPart } from '@kinora/storage';
import { type UploadRepository } from './ports';
import { type Upload, mustSee, stagingKey } from './upload';

/** An upload with the parts that the store holds, so that a client can go on where it stopped. */
export const createReadUpload =
  ({ uploads, staging }: { uploads: UploadRepository; staging: ObjectStore }) =>
  async (caller: Person, id: string): Promise<Upload & { stored: StoredPart[] }> => {
    const upload = mustSee(await uploads.find(id), caller);
    if (upload.state !== 'open') return { ...upload, stored: [] };
    try {
      return { ...upload, stored: await staging.listParts(stagingKey(upload), upload.multipartId) };
    } catch (error) {
      // It ended between the two looks.
      if (error instanceof StoreError && error.code === 'store.not_found')
        return { ...mustSee(await uploads.find(id), caller), stored: [] };
      throw error;
    }
  };
