import fs from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { type RunningDiskStores, startDiskStores } from '../src/conformance';
import { openUpload, read, send } from '../src/conformance/helpers';

let running: RunningDiskStores;
beforeAll(async () => (running = await startDiskStores()));
afterAll(() => running.close());

/** Starts a PUT by hand, for what `fetch` doesn't do. */
function rawPut(url: string, headers: Record<string, string>) {
  const req = request(url, { method: 'PUT', headers });
  const answer = new Promise<{ status: number; body: string }>((resolve, reject) => {
    req.on('error', reject).on('response', (res) => {
      let body = '';
      res
        .on('data', (chunk: Buffer) => (body += chunk.toString()))
        .on('end', () => resolve({ status: res.statusCode ?? 0, body }));
    });
  });
  return { req, answer };
}

const filesUnder = async (dir: string): Promise<string[]> =>
  (await fs.readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);

describe('the data plane of the disk adapter', () => {
  it('wants to know the length before the bytes', async () => {
    const upload = await openUpload(running.stores.staging);
    const { url } = await upload.sign(1, Buffer.from('abc'));
    const { req, answer } = rawPut(url, { 'transfer-encoding': 'chunked' });
    req.end('abc');
    expect(await answer).toMatchObject({ status: 411, body: expect.stringContaining('store.length_required') });
  });

  it('keeps nothing of a part that broke off', async () => {
    const upload = await openUpload(running.stores.staging);
    const body = Buffer.alloc(1_000_000, 'x');
    const { url } = await upload.sign(1, body);
    const folder = path.join(running.root, 'staging', 'multipart', upload.multipartId);
    const { req, answer } = rawPut(url, { 'content-length': String(body.length) });
    answer.catch(() => undefined);
    req.write(body.subarray(0, 500_000));
    const incoming = async (): Promise<boolean> =>
      (await filesUnder(folder)).some((name) => name.startsWith('incoming.'));
    while (!(await incoming())) await new Promise(setImmediate);
    req.destroy();
    while (await incoming()) await new Promise(setImmediate);
    expect(await running.stores.staging.listParts(upload.key, upload.multipartId)).toEqual([]);
    expect((await send(await upload.sign(1, body), body)).status).toBe(200);
  });

  it('answers with problem documents that tell nothing without a signature', async () => {
    for (const target of [
      '/store/staging/uploads/upl_1/source',
      '/store/nowhere/x?expires=1&signature=a',
      '/store/../x',
    ]) {
      const res = await fetch(running.url + target);
      expect([res.status, res.headers.get('content-type')]).toEqual([403, 'application/problem+json']);
      expect(await res.json()).toMatchObject({ status: 403, code: 'store.url_invalid' });
    }
  });

  it('lets browsers of any origin send parts and read etags', async () => {
    const upload = await openUpload(running.stores.staging);
    const { url } = await upload.sign(1, Buffer.from('abc'));
    const preflight = await fetch(url, {
      method: 'OPTIONS',
      headers: { origin: 'https://x.test', 'access-control-request-method': 'PUT' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT');
    const res = await fetch(url, { method: 'PUT', body: 'abc', headers: { origin: 'https://x.test' } });
    expect([res.status, res.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
    expect(res.headers.get('access-control-expose-headers')).toContain('etag');
  });

  it('never shows an original as a page', async () => {
    const { raw } = running.stores;
    await raw.put('sources/a', Buffer.from('<script>'), { contentType: 'text/html' });
    const res = await fetch(await raw.signGet('sources/a', { expiresInSeconds: 60 }));
    expect(res.headers.get('content-disposition')).toBe('attachment');
    expect(res.headers.get('content-security-policy')).toContain('sandbox');
    expect(res.headers.get('x-content-type-options')).toBe('nosniff');
    const again = await fetch(res.url, { headers: { 'if-none-match': res.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
    const head = await fetch(res.url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '8']);
  });
});

describe('the disk adapter after a crash', () => {
  it('finishes a completion that was interrupted before the object got its name', async () => {
    const store = running.stores.staging;
    const upload = await openUpload(store);
    const part = await upload.part(1, Buffer.from('abc'));
    const folder = path.join(running.root, 'staging', 'multipart', upload.multipartId);
    await fs.writeFile(path.join(folder, 'joined'), 'abc');
    await fs.rename(folder, `${folder}.done`);
    const open: string[] = [];
    for await (const { multipartId } of store.listMultiparts()) open.push(multipartId);
    expect(open).toContain(upload.multipartId);
    await store.completeMultipart(upload.key, upload.multipartId, [part]);
    expect((await read(store, upload.key)).toString()).toBe('abc');
    await expect(fs.access(`${folder}.done`)).rejects.toThrow();
  });

  it('sweeps what dead processes left', async () => {
    const store = running.stores.staging;
    const tmp = path.join(running.root, 'staging', 'tmp');
    await fs.mkdir(tmp, { recursive: true });
    await fs.writeFile(path.join(tmp, 'old'), 'x');
    await fs.writeFile(path.join(tmp, 'new'), 'x');
    const old = new Date(Date.now() - 2 * 24 * 3600 * 1000);
    await fs.utimes(path.join(tmp, 'old'), old, old);
    for await (const _ of store.listMultiparts());
    expect(await fs.readdir(tmp)).toEqual(['new']);
  });
});
