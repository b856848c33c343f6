import { randomBytes } from 'node:crypto';
import { CHECKSUM_ALGORITHMS } from '../object-store';
import { type StoreHarness } from './harness';
import { codeOf, freshFolder, MIB, openUpload, read, send } from './helpers';

/** Multipart uploads by signed PUTs over real HTTP. */
export function describeMultiparts(harness: () => StoreHarness): void {
  const big = randomBytes(5 * MIB);
  const other = randomBytes(5 * MIB);
  const tail = randomBytes(1234);

  describe('multipart uploads', () => {
    it('joins parts in order of number, whatever the order of sending and listing', async () => {
      const { store } = harness();
      const upload = await openUpload(store);
      const open: string[] = [];
      for await (const one of store.listMultiparts()) open.push(`${one.key} ${one.multipartId}`);
      expect(open).toContain(`${upload.key} ${upload.multipartId}`);
      const third = await upload.part(3, tail);
      const first = await upload.part(1, big);
      const second = await upload.part(2, other);
      expect(await store.listParts(upload.key, upload.multipartId)).toMatchObject([
        { partNumber: 1, size: big.length, etag: first.etag },
        { partNumber: 2, size: other.length, etag: second.etag },
        { partNumber: 3, size: tail.length, etag: third.etag },
      ]);
      const info = await store.completeMultipart(upload.key, upload.multipartId, [third, first, second]);
      expect(info).toMatchObject({ key: upload.key, size: 10 * MIB + 1234, contentType: 'video/quicktime' });
      expect((await read(store, upload.key)).equals(Buffer.concat([big, other, tail]))).toBe(true);
      const still: string[] = [];
      for await (const one of store.listMultiparts()) still.push(one.multipartId);
      expect(still).not.toContain(upload.multipartId);
    });

    it('takes the last bytes sent for a number, and refuses the etag of the former', async () => {
      const { store } = harness();
      const upload = await openUpload(store);
      const former = await upload.part(1, big);
      const latter = await upload.part(1, other);
      expect(await store.listParts(upload.key, upload.multipartId)).toHaveLength(1);
      expect(await codeOf(store.completeMultipart(upload.key, upload.multipartId, [former]))).toBe(
        'store.part_mismatch',
      );
      await store.completeMultipart(upload.key, upload.multipartId, [latter]);
      expect((await read(store, upload.key)).equals(other)).toBe(true);
    });

    it('refuses a completion that is not what was sent, and stays open for a right one', async () => {
      const { store } = harness();
      const upload = await openUpload(store);
      const first = await upload.part(1, big);
      const second = await upload.part(2, tail);
      const complete = (parts: { partNumber: number; etag: string }[]) =>
        codeOf(store.completeMultipart(upload.key, upload.multipartId, parts));
      expect(await complete([])).toBe('store.part_missing');
      expect(await complete([first, { partNumber: 3, etag: second.etag }])).toBe('store.part_missing');
      expect(await complete([first, { partNumber: 2, etag: first.etag }])).toBe('store.part_mismatch');
      expect(await complete([first, first])).toBe('store.part_mismatch');
      expect(await store.head(upload.key)).toBeUndefined();
      expect(await complete([first, second])).toBe('none');
    });

    it('refuses a small part that is not the last', async () => {
      const { store } = harness();
      const upload = await openUpload(store);
      const parts = [await upload.part(1, tail), await upload.part(2, tail)];
      expect(await codeOf(store.completeMultipart(upload.key, upload.multipartId, parts))).toBe('store.part_too_small');
    });

    it('is gone after completion, and its part URLs with it', async () => {
      const { store } = harness();
      const upload = await openUpload(store);
      // Small enough to be sent whole before the answer: a server may close the connection on what it refuses.
      const again = await upload.sign(1, tail);
      const part = await upload.part(1, tail);
      await store.completeMultipart(upload.key, upload.multipartId, [part]);
      expect(await codeOf(store.completeMultipart(upload.key, upload.multipartId, [part]))).toBe('store.not_found');
      expect(await codeOf(store.listParts(upload.key, upload.multipartId))).toBe('store.not_found');
      expect((await send(again, tail)).status).toBe(404);
      await store.abortMultipart(upload.key, upload.multipartId);
      expect((await read(store, upload.key)).equals(tail)).toBe(true);
    });

    it('makes one right object of several completions at once', async () => {
      const { store } = harness();
      const upload = await openUpload(store);
      const parts = [await upload.part(1, big), await upload.part(2, tail)];
      const codes = await Promise.all(
        [1, 2, 3].map(() => codeOf(store.completeMultipart(upload.key, upload.multipartId, parts))),
      );
      expect(codes).toContain('none');
      expect(codes.filter((code) => !['none', 'store.not_found', 'store.part_missing'].includes(code))).toEqual([]);
      expect((await read(store, upload.key)).equals(Buffer.concat([big, tail]))).toBe(true);
    });

    it('aborts, once or twice', async () => {
      const { store } = harness();
      const upload = await openUpload(store);
      const later = await upload.sign(2, tail);
      await upload.part(1, big);
      await store.abortMultipart(upload.key, upload.multipartId);
      await store.abortMultipart(upload.key, upload.multipartId);
      expect(await codeOf(store.listParts(upload.key, upload.multipartId))).toBe('store.not_found');
      expect((await send(later, tail)).status).toBe(404);
      expect(await store.head(upload.key)).toBeUndefined();
    });

    it('keeps a multipart to its key', async () => {
      const { store } = harness();
      const upload = await openUpload(store);
      const part = await upload.part(1, big);
      const elsewhere = `${freshFolder()}/source`;
      expect(await codeOf(store.listParts(elsewhere, upload.multipartId))).toBe('store.not_found');
      expect(await codeOf(store.completeMultipart(elsewhere, upload.multipartId, [part]))).toBe('store.not_found');
    });
  });

  describe('checksums of parts', () => {
    it.each(CHECKSUM_ALGORITHMS)('accepts the right bytes and refuses others (%s)', async (algorithm) => {
      const { store } = harness();
      const upload = await openUpload(store, algorithm);
      const signed = await upload.sign(1, big);
      const wrong = Buffer.from(big);
      wrong[100] = (wrong[100] ?? 0) ^ 1;
      expect((await send(signed, wrong)).status).toBe(400);
      expect(await store.listParts(upload.key, upload.multipartId)).toEqual([]);
      const { status, etag } = await send(signed, big);
      expect(status).toBe(200);
      const [part] = await store.listParts(upload.key, upload.multipartId);
      expect(part?.checksum?.algorithm).toBe(algorithm);
      const checksum = part?.checksum?.value ?? '';
      expect(
        await codeOf(
          store.completeMultipart(upload.key, upload.multipartId, [{ partNumber: 1, etag, checksum: 'AAAA' }]),
        ),
      ).toBe('store.part_mismatch');
      await store.completeMultipart(upload.key, upload.multipartId, [{ partNumber: 1, etag, checksum }]);
      expect((await read(store, upload.key)).equals(big)).toBe(true);
    });

    it('keeps the former part when its replacement is refused', async () => {
      const { store } = harness();
      const upload = await openUpload(store, 'sha256');
      const part = await upload.part(1, big);
      expect((await send(await upload.sign(1, big), other)).status).toBe(400);
      await store.completeMultipart(upload.key, upload.multipartId, [part]);
      expect((await read(store, upload.key)).equals(big)).toBe(true);
    });
  });
}
