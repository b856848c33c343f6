import { randomBytes } from 'node:crypto';
import { type StoreHarness } from './harness';
import { freshFolder, openUpload, send } from './helpers';

/** A refusal by signature is a 403 here as on S3; some servers say 400 to what they can't read. */
const REFUSED = [400, 403];

/** What a signed URL permits, and that it permits nothing else. */
export function describeSignedUrls(harness: () => StoreHarness): void {
  const bytes = randomBytes(1000); // short, so that a refusal arrives before a server that doesn't read on closes

  describe('signed part URLs', () => {
    const changes: [string, (url: string, otherKey: string) => string][] = [
      ['another key', (url, otherKey) => url.replace(/conformance\/[0-9a-f]+\/source/, otherKey)],
      ['another part number', (url) => url.replace(/([?&]part(?:Number)?=)1(&|$)/, '$12$2')],
      ['another multipart', (url) => url.replace(/([?&](?:multipart|uploadId)=.)./, '$1Z')],
      [
        'a changed signature',
        (url) =>
          url.replace(
            /([?&](?:X-Amz-S|s)ignature=)(.)/,
            (_, name: string, first: string) => name + (first === 'a' ? 'b' : 'a'),
          ),
      ],
      [
        'a later expiry',
        (url) =>
          url.replace(
            /([?&](?:X-Amz-Expires|expires)=\d*)(\d)/,
            (_, start: string, last: string) => start + ((Number(last) + 1) % 10).toString(),
          ),
      ],
      ['no signature', (url) => url.replace(/[?&](?:X-Amz-S|s)ignature=[^&]+/, '')],
    ];
    it.each(changes)('refuse %s', async (_, change) => {
      const { store } = harness();
      const upload = await openUpload(store);
      const signed = await upload.sign(1, bytes);
      const url = change(signed.url, `${freshFolder()}/source`);
      expect(url).not.toBe(signed.url);
      expect(REFUSED).toContain((await send({ ...signed, url }, bytes)).status);
      expect(await store.listParts(upload.key, upload.multipartId)).toEqual([]);
    });

    it('refuse another size', async () => {
      const { store } = harness();
      const upload = await openUpload(store);
      const signed = await upload.sign(1, bytes);
      expect(REFUSED).toContain((await send(signed, bytes.subarray(1))).status);
      expect(REFUSED).toContain((await send(signed, Buffer.concat([bytes, bytes]))).status);
      expect(await store.listParts(upload.key, upload.multipartId)).toEqual([]);
    });

    it('refuse another checksum than the signed one', async () => {
      const { store } = harness();
      const upload = await openUpload(store, 'sha256');
      const signed = await upload.sign(1, bytes);
      const stranger = await upload.sign(1, Buffer.alloc(bytes.length));
      expect(REFUSED).toContain(
        (await send({ url: signed.url, headers: stranger.headers }, Buffer.alloc(bytes.length))).status,
      );
      expect(await store.listParts(upload.key, upload.multipartId)).toEqual([]);
    });

    it('expire', async () => {
      const { store } = harness();
      const upload = await openUpload(store);
      const tail = Buffer.from('tail');
      const signed = await upload.sign(1, tail, 1);
      let status = 200;
      for (const end = Date.now() + 10_000; status === 200 && Date.now() < end;)
        ({ status } = await send(signed, tail));
      expect(status).toBe(403);
    });
  });

  describe('signed GETs', () => {
    it('read the object, in ranges, under the name that was signed', async () => {
      const { store } = harness();
      const key = `${freshFolder()}/source`;
      await store.put(key, Buffer.from('hello, world'), { contentType: 'video/mp4' });
      const url = await store.signGet(key, {
        expiresInSeconds: 60,
        responseContentDisposition: 'attachment; filename="my film.mp4"',
      });
      const whole = await fetch(url);
      expect([whole.status, await whole.text()]).toEqual([200, 'hello, world']);
      expect(whole.headers.get('content-disposition')).toBe('attachment; filename="my film.mp4"');
      const part = await fetch(url, { headers: { range: 'bytes=7-' } });
      expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([
        206,
        'world',
        'bytes 7-11/12',
      ]);
      const past = await fetch(url, { headers: { range: 'bytes=12-' } });
      expect(past.status).toBe(416);
      await past.arrayBuffer();
    });

    it('open nothing else', async () => {
      const { store } = harness();
      const [folder, stranger] = [freshFolder(), freshFolder()];
      await store.put(`${folder}/a`, Buffer.from('a'), { contentType: 'video/mp4' });
      await store.put(`${stranger}/a`, Buffer.from('b'), { contentType: 'video/mp4' });
      const url = await store.signGet(`${folder}/a`, { expiresInSeconds: 60 });
      const other = await fetch(url.replace(folder, stranger));
      expect(other.status).toBe(403);
      await other.arrayBuffer();
      const put = await fetch(url, { method: 'PUT', body: 'evil' });
      expect(REFUSED).toContain(put.status);
      await put.arrayBuffer();
    });
  });
}
