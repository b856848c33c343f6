import { cacheControl } from '@kinora/delivery';
import { PermanentFailure } from '@kinora/jobs';
import { refusal } from '@kinora/media';
import { StoreError, type Stores, contentTypeOf, patiently } from '@kinora/storage';
import { type MediaStore } from '../../domain/ports';
import { type Sources } from '../source/sources';

const has = (error: unknown, code: StoreError['code']): boolean => error instanceof StoreError && error.code === code;
const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const missing = (): PermanentFailure => {
  const { code, message } = refusal('source.missing');
  return new PermanentFailure(code, message);
};

/** Sources from the raw store, media into the distribution store. */
export const createMediaStore = (
  { raw, distribution }: Pick<Stores, 'raw' | 'distribution'>,
  sources: Pick<Sources, 'urlOf' | 'beginningOf'>,
): MediaStore => {
  const optionsOf = (key: string) => ({ contentType: contentTypeOf(key), cacheControl: cacheControl.immutable });
  return {
    async source(key, seconds) {
      try {
        const [found, info] = [await raw.source(key), await raw.head(key)];
        if (!info) throw missing();
        const { etag, size } = info;
        const object = { key, etag, size };
        const isFile = found.kind === 'file';
        const version = `${etag} ${size}`;
        const beginning = seconds === undefined ? undefined : await sources.beginningOf(object, seconds, isFile);
        if (beginning) return { ...beginning, version };
        return { input: isFile ? found : { kind: 'url', url: await sources.urlOf(object) }, version };
      } catch (error) {
        throw has(error, 'store.not_found') ? missing() : error;
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
