import { cacheControl } from '@kinora/delivery';
import { PermanentFailure } from '@kinora/jobs';
import { refusal } from '@kinora/media';
import { StoreError, type Stores, contentTypeOf, patiently } from '@kinora/storage';
import { type MediaStore } from '../../domain/ports';

const has = (error: unknown, code: StoreError['code']): boolean => error instanceof StoreError && error.code === code;
const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Sources from the raw store, media into the distribution store. */
export const createMediaStore = ({ raw, distribution }: Pick<Stores, 'raw' | 'distribution'>): MediaStore => {
  const optionsOf = (key: string) => ({ contentType: contentTypeOf(key), cacheControl: cacheControl.immutable });
  return {
    async source(key) {
      try {
        return await raw.source(key);
      } catch (error) {
        if (!has(error, 'store.not_found')) throw error;
        const { code, message } = refusal('source.missing');
        throw new PermanentFailure(code, message);
      }
    },
    async put(key, bytes) {
      await patiently(() => distribution.put(key, bufferOf(bytes), optionsOf(key)));
    },
    async putNew(key, bytes) {
      try {
        await patiently(() => distribution.put(key, bufferOf(bytes), { ...optionsOf(key), ifNoneMatch: '*' }));
        return true;
      } catch (error) {
        if (has(error, 'store.precondition_failed')) return false;
        throw error;
      }
    },
    async get(key) {
      try {
        return (await distribution.get(key)).body;
      } catch (error) {
        if (has(error, 'store.not_found')) return undefined;
        throw error;
      }
    },
  };
};
