import { Readable } from 'node:stream';
import { InvalidKey, ObjectNotFound } from '../errors';
import { assertFolder, assertKey, assertPrefix } from '../key';
import { contentTypeOf } from '../content-type';
import {
  type ByteRange,
  type ObjectContent,
  type ObjectInfo,
  type ObjectSource,
  type ObjectStore,
  type PutOptions,
} from '../object-store';
import { type Connected, connector, type S3StoreOptions } from './s3-client';
import { resumable } from './s3-body';
import { storeError, translated } from './s3-errors';
import { S3Multiparts } from './s3-multiparts';
import { copy, write } from './s3-write';
import { policyOf } from './write-policy';

export { type S3StoreOptions } from './s3-client';

/** Buckets behind stores of this module, for copies between them. */
const buckets = new WeakMap<ObjectStore, string>();

const SOURCE_SECONDS = 6 * 3600;
const GIB = 1024 ** 3;

const rangeHeader = (range: ByteRange): string =>
  'suffix' in range ? `bytes=-${range.suffix}` : `bytes=${range.start}-${range.end ?? ''}`;

/** An `ObjectStore` on S3 or anything that speaks it. */
export function createS3Store(options: S3StoreOptions): ObjectStore {
  const { connect, close } = connector(options);
  const Bucket = options.bucket;
  const policyFor = (key: string) => policyOf(options.policy ?? {}, options.name, key);
  const multiparts = new S3Multiparts(Bucket, connect, policyFor);
  const named = options.anyKeys === true ? (key: string) => key : assertKey;

  const head = async (key: string): Promise<ObjectInfo | undefined> => {
    const { sdk, client } = await connect();
    try {
      const answer = await client.send(new sdk.HeadObjectCommand({ Bucket, Key: named(key) }));
      return infoOf(key, answer);
    } catch (error) {
      const translatedError = storeError(error, `head ${key}`);
      if (translatedError.code === 'store.not_found') return undefined;
      throw translatedError;
    }
  };
  const mustHead = async (key: string): Promise<ObjectInfo> => {
    const info = await head(key);
    if (!info) throw new ObjectNotFound(`no object ${key}`);
    return info;
  };

  const store: ObjectStore = {
    name: options.name,
    head,
    async put(key: string, body: Buffer | Readable, put: PutOptions) {
      assertKey(key);
      const s3 = await connect();
      let failure: Error | undefined;
      if (!Buffer.isBuffer(body)) body.once('error', (error) => (failure = error));
      try {
        await write(s3, { Bucket, Key: key, policy: policyFor(key) }, body, put);
      } catch (error) {
        throw failure ?? storeError(error, `put ${key}`); // the stream's own error is the caller's
      }
      return mustHead(key);
    },
    async get(key, { range } = {}): Promise<ObjectContent> {
      const { sdk, client } = await connect();
      const ask = (request: { Range?: string; IfMatch?: string }) =>
        translated(`get ${key}`, () => client.send(new sdk.GetObjectCommand({ Bucket, Key: named(key), ...request })));
      const answer = await ask(range ? { Range: rangeHeader(range) } : {});
      const [, first = '0', last, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(answer.ContentRange ?? '') ?? [];
      const size = answer.ContentLength ?? 0;
      const start = Number(first);
      const rest = async (from: number): Promise<Readable> =>
        readable(
          await ask({ Range: `bytes=${from}-${start + size - 1}`, ...(answer.ETag && { IfMatch: answer.ETag }) }),
        );
      return {
        ...infoOf(key, answer),
        body: resumable(readable(answer), { start, size }, rest),
        size,
        totalSize: total === undefined ? size : Number(total),
        ...(range && last !== undefined && { range: { start, end: Number(last) } }),
      };
    },
    async delete(key) {
      await translated(`delete ${key}`, async () => {
        const { sdk, client } = await connect();
        await client.send(new sdk.DeleteObjectCommand({ Bucket, Key: named(key) }));
      });
    },
    async deletePrefix(prefix) {
      assertFolder(prefix);
      const s3 = await connect();
      let count = 0;
      // Continuation is by key, so deleting what was listed doesn't shift the next page.
      await translated(`delete ${prefix}`, async () => {
        for await (const page of s3.sdk.paginateListObjectsV2({ client: s3.client }, { Bucket, Prefix: prefix })) {
          const keys = (page.Contents ?? []).flatMap((item) => item.Key ?? []);
          if (keys.length > 0) await deleteAll(s3, Bucket, keys);
          count += keys.length;
        }
      });
      return count;
    },
    async *list(prefix) {
      assertPrefix(prefix);
      const { sdk, client } = await connect();
      const pages = sdk.paginateListObjectsV2({ client }, { Bucket, Prefix: prefix })[Symbol.asyncIterator]();
      for (;;) {
        const page = await translated(`list ${prefix}`, () => pages.next());
        if (page.done === true) return;
        for (const item of page.value.Contents ?? []) {
          const key = item.Key ?? '';
          yield {
            key,
            size: item.Size ?? 0,
            etag: item.ETag ?? '',
            lastModified: item.LastModified ?? new Date(0),
            contentType: contentTypeOf(key),
          };
        }
      }
    },
    async copyFrom(source, sourceKey, key, told) {
      const from = buckets.get(source);
      if (from === undefined) throw new InvalidKey('objects are copied between stores of one kind only');
      const info = await source.head(sourceKey);
      if (!info) throw new ObjectNotFound(`no object ${sourceKey}`);
      const limits = { above: options.copyInPartsAbove ?? 5 * GIB, partSize: options.copyPartSize ?? GIB / 2 };
      await translated(`copy to ${key}`, async () =>
        copy(
          await connect(),
          { Bucket: from, info },
          { Bucket, Key: assertKey(key), policy: policyFor(key) },
          limits,
          told,
        ),
      );
      return mustHead(key);
    },
    async moveFrom(source, sourceKey, key) {
      if (!(await source.head(sourceKey))) return mustHead(key);
      const info = await store.copyFrom(source, sourceKey, key);
      await source.delete(sourceKey);
      return info;
    },
    createMultipart: (key, create) => multiparts.create(key, create),
    signPart: (request) => multiparts.signPart(request),
    listParts: (key, multipartId) => multiparts.parts(key, multipartId),
    async completeMultipart(key, multipartId, parts) {
      await multiparts.complete(key, multipartId, parts);
      return mustHead(key);
    },
    abortMultipart: (key, multipartId) => multiparts.abort(key, multipartId),
    listMultiparts: () => multiparts.list(),
    async signGet(key, sign) {
      const { sdk, client } = await connect();
      const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner');
      const disposition = sign.responseContentDisposition;
      const command = new sdk.GetObjectCommand({
        Bucket,
        Key: assertKey(key),
        ...(disposition !== undefined && { ResponseContentDisposition: disposition }),
      });
      return translated('sign get', () => getSignedUrl(client, command, { expiresIn: sign.expiresInSeconds }));
    },
    async source(key): Promise<ObjectSource> {
      await mustHead(key);
      return { kind: 'url', url: await store.signGet(key, { expiresInSeconds: SOURCE_SECONDS }) };
    },
    async ready() {
      await translated('head bucket', async () => {
        const { sdk, client } = await connect();
        await client.send(new sdk.HeadBucketCommand({ Bucket }), { abortSignal: AbortSignal.timeout(5_000) });
      });
    },
    close,
  };
  buckets.set(store, Bucket);
  return store;
}

interface Answer {
  readonly ContentLength?: number | undefined;
  readonly ETag?: string | undefined;
  readonly ContentType?: string | undefined;
  readonly LastModified?: Date | undefined;
  readonly CacheControl?: string | undefined;
}

const readable = ({ Body }: { readonly Body?: unknown }): Readable =>
  Body instanceof Readable ? Body : Readable.from([]);

const infoOf = (key: string, answer: Answer): ObjectInfo => ({
  key,
  size: answer.ContentLength ?? 0,
  etag: answer.ETag ?? '',
  contentType: answer.ContentType ?? contentTypeOf(key),
  lastModified: answer.LastModified ?? new Date(0),
  ...(answer.CacheControl !== undefined && { cacheControl: answer.CacheControl }),
});

const deleteAll = ({ sdk, client }: Connected, Bucket: string, keys: readonly string[]): Promise<void> =>
  translated('delete objects', async () => {
    const answer = await client.send(
      new sdk.DeleteObjectsCommand({ Bucket, Delete: { Quiet: true, Objects: keys.map((Key) => ({ Key })) } }),
    );
    const [failed] = answer.Errors ?? [];
    if (failed) throw new Error(`${failed.Code ?? 'error'} on ${failed.Key ?? 'a key'}`);
  });
