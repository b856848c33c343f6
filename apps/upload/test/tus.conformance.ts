import { type RunningService } from '@kinora/service';
import { eventually } from '@kinora/testing';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { Upload } from 'tus-js-client';
import { createPartSink } from '../src/adapters/tus/part-sink';
import { MIB, PART, type World, bytes, startWorld } from './harness';

/** The tus protocol as clients see it, whatever keeps the bytes. */
export function tusConformance(name: string, storage?: () => Promise<Readonly<Record<string, string>>>): void {
  jest.setTimeout(120_000);

  describe(`tus on ${name}`, () => {
    let world: World;
    let token: string;
    let stranger: string;
    let first: RunningService;
    let second: RunningService;
    beforeAll(async () => {
      world = await startWorld(storage && (await storage()));
      [first, second] = [await world.start(), await world.start()];
      token = await world.person('ann');
      stranger = await world.person('bob');
    });
    afterAll(() => world.stop());

    const encode = (metadata: Record<string, string>) =>
      Object.entries(metadata)
        .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
        .join(',');
    const headersOf = (more: Record<string, string> = {}) => ({
      'tus-resumable': '1.0.0',
      authorization: `Bearer ${token}`,
      ...more,
    });
    const create = (
      size: number,
      more: Record<string, string> = {},
      metadata: Record<string, string> = { filename: 'a.mp4', filetype: 'video/mp4' },
      body?: Buffer,
    ) =>
      fetch(`${world.publicUrl}/v1/tus`, {
        method: 'POST',
        headers: headersOf({ 'upload-length': String(size), 'upload-metadata': encode(metadata), ...more }),
        ...(body && { body: new Uint8Array(body) }),
      });
    const patch = (url: string, offset: number, body: Buffer, more: Record<string, string> = {}) =>
      fetch(url, {
        method: 'PATCH',
        headers: headersOf({
          'upload-offset': String(offset),
          'content-type': 'application/offset+octet-stream',
          ...more,
        }),
        body: new Uint8Array(body),
      });
    const head = (url: string, more: Record<string, string> = {}) =>
      fetch(url, { method: 'HEAD', headers: headersOf(more) });
    const idOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);
    const created = async (size: number): Promise<string> => (await create(size)).headers.get('location') ?? '';
    const offsetOf = async (url: string): Promise<number> => Number((await head(url)).headers.get('upload-offset'));
    const videoOf = async (url: string): Promise<string> =>
      (await world.sql<{ video_id: string }>('select video_id from upload.uploads where id = $1', [idOf(url)]))[0]
        ?.video_id ?? '';
    const sourceOf = async (url: string) => world.source(await videoOf(url), idOf(url));
    /** The same upload at one instance. */
    const at = (service: RunningService, url: string) => `${service.url}/v1/tus/${idOf(url)}`;

    it('says what it can', async () => {
      const res = await fetch(`${world.publicUrl}/v1/tus`, { method: 'OPTIONS' });
      expect(res.status).toBe(204);
      expect(res.headers.get('tus-version')).toBe('1.0.0');
      expect(res.headers.get('tus-extension')).toBe('creation,creation-with-upload,termination,expiration');
      expect(Number(res.headers.get('tus-max-size'))).toBeGreaterThan(1024 ** 3);
    });

    it('brings a file with tus-js-client, resumed on another replica after the first has died', async () => {
      const doomed = await world.start();
      const data = bytes(17 * MIB + 123);
      const start = (options: { uploadUrl?: string; onProgress?: (sent: number) => void }) => {
        let upload: Upload | undefined;
        const done = new Promise<void>((resolve, reject) => {
          upload = new Upload(Readable.from(chunked(data, 256 * 1024)) as never, {
            endpoint: `${world.publicUrl}/v1/tus`,
            uploadSize: data.length,
            chunkSize: 3 * MIB,
            retryDelays: [50, 100, 200, 400, 800],
            headers: { authorization: `Bearer ${token}` },
            metadata: { filename: 'resumed.mp4', filetype: 'video/mp4', title: 'Resumed' },
            onSuccess: () => resolve(),
            onError: reject,
            onProgress: (sent) => options.onProgress?.(sent),
            ...(options.uploadUrl !== undefined && { uploadUrl: options.uploadUrl }),
          });
          upload.start();
        });
        return { done, upload: () => upload };
      };
      let moved = false;
      const transfer = start({
        onProgress: (sent) => {
          if (sent < 7 * MIB || moved) return;
          moved = true;
          world.direct(second);
          void world.kill(doomed);
        },
      });
      await transfer.done;
      expect(moved).toBe(true);
      const url = transfer.upload()?.url ?? '';
      expect(url.startsWith(`${world.publicUrl}/v1/tus/upl_`)).toBe(true);
      expect((await sourceOf(url))?.equals(data)).toBe(true);
      expect(await world.events(idOf(url))).toEqual(['upload.completed.v1']);
      expect(world.neighbours.registrations.at(-1)).toMatchObject({ title: 'Resumed' });
    });

    it('puts requests of any size together, at any replica', async () => {
      const data = bytes(11 * MIB);
      const url = await created(data.length);
      let offset = 0;
      for (const size of [1, MIB, 3 * MIB, PART, 100, 11 * MIB]) {
        const piece = data.subarray(offset, offset + size);
        const res = await patch(at(offset % 2 === 0 ? first : second, url), offset, piece);
        expect(res.status).toBe(204);
        offset += piece.length;
        expect(Number(res.headers.get('upload-offset'))).toBe(offset);
        expect(await offsetOf(at(first, url))).toBe(offset);
      }
      expect((await sourceOf(url))?.equals(data)).toBe(true);
      const left: string[] = [];
      for await (const { key } of world.stores.staging.list(`uploads/${idOf(url)}/`)) left.push(key);
      expect(left).toEqual([]);
    });

    it('takes the bytes that come with the creation', async () => {
      const data = bytes(MIB);
      const res = await create(data.length, { 'content-type': 'application/offset+octet-stream' }, undefined, data);
      expect([res.status, res.headers.get('upload-offset')]).toEqual([201, String(MIB)]);
      expect((await sourceOf(res.headers.get('location') ?? ''))?.equals(data)).toBe(true);
    });

    it('refuses another offset than where it stands', async () => {
      const data = bytes(2 * MIB);
      const url = await created(data.length);
      expect((await patch(url, 0, data.subarray(0, MIB))).status).toBe(204);
      for (const offset of [0, MIB - 1, MIB + 1])
        expect((await patch(url, offset, data.subarray(0, 10))).status).toBe(409);
      expect((await patch(url, MIB, bytes(2 * MIB))).status).toBe(413);
      expect(await offsetOf(url)).toBe(MIB);
      expect((await patch(url, MIB, data.subarray(MIB))).status).toBe(204);
      expect((await sourceOf(url))?.equals(data)).toBe(true);
    });

    it('lets one of two writers win, and the bytes are right', async () => {
      const data = bytes(6 * MIB);
      const url = await created(data.length);
      const both = await Promise.all([first, second].map((service) => patch(at(service, url), 0, data)));
      const statuses = both.map((res) => res.status).sort();
      expect(statuses[0]).toBe(204);
      const offset = await offsetOf(url);
      if (offset < data.length) expect((await patch(url, offset, data.subarray(offset))).status).toBe(204);
      expect((await sourceOf(url))?.equals(data)).toBe(true);
      expect(await world.events(idOf(url))).toEqual(['upload.completed.v1']);
    });

    it('keeps what arrived, and makes a connection that hangs give way', async () => {
      const data = bytes(8 * MIB);
      const url = await created(data.length);
      // A client that has vanished: its request is never finished, and never closed.
      const half = request(at(first, url), {
        method: 'PATCH',
        headers: headersOf({
          'upload-offset': '0',
          'content-type': 'application/offset+octet-stream',
          'content-length': String(data.length),
        }),
      });
      half.on('error', () => undefined);
      half.write(data.subarray(0, 6 * MIB));
      await eventually(
        async () =>
          (
            await world.stores.staging.listParts(
              `uploads/${idOf(url)}/source`,
              (await world.row(idOf(url))).multipart_id,
            )
          ).length === 1,
      );
      const before = Date.now();
      const res = await head(at(second, url));
      expect(res.status).toBe(200);
      expect(Date.now() - before).toBeLessThan(5_000);
      const offset = Number(res.headers.get('upload-offset'));
      expect(offset).toBeGreaterThanOrEqual(PART);
      half.destroy();
      expect((await patch(at(second, url), offset, data.subarray(offset))).status).toBe(204);
      expect((await sourceOf(url))?.equals(data)).toBe(true);
    });

    it('shows an upload to its owner only', async () => {
      const url = await created(MIB);
      const asStranger = { authorization: `Bearer ${stranger}` };
      expect((await head(url, asStranger)).status).toBe(404);
      expect((await patch(url, 0, bytes(10), asStranger)).status).toBe(404);
      expect((await fetch(url, { method: 'DELETE', headers: headersOf(asStranger) })).status).toBe(404);
      expect((await head(`${world.publicUrl}/v1/tus/upl_unknown`)).status).toBe(404);
      expect((await fetch(url, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } })).status).toBe(401);
      expect((await create(MIB, { authorization: 'Bearer a.b.c' })).status).toBe(401);
      expect(await offsetOf(url)).toBe(0);
    });

    it('keeps the limits of all uploads, with their codes', async () => {
      const codeOf = async (res: Response) => [res.status, ((await res.json()) as { code: string }).code];
      expect(await codeOf(await create(0))).toEqual([400, 'upload.empty']);
      expect(await codeOf(await create(MIB, {}, { filename: 'a.txt', filetype: 'text/plain' }))).toEqual([
        415,
        'upload.type_refused',
      ]);
      expect((await create(1024 ** 4)).status).toBe(413);
      expect((await create(MIB, { 'tus-resumable': '0.2.2' })).status).toBe(400);
      const viewer = await world.person('viewer', 'viewer');
      expect(await codeOf(await create(MIB, { authorization: `Bearer ${viewer}` }))).toEqual([403, 'auth.forbidden']);
      world.neighbours.apiKeys.set('reader', {
        kind: 'api-key',
        keyId: 'k',
        userId: 'u',
        roles: ['creator'],
        scopes: ['videos:read'],
      });
      const keyed = await fetch(`${world.publicUrl}/v1/tus`, {
        method: 'POST',
        headers: { 'tus-resumable': '1.0.0', 'x-api-key': 'reader', 'upload-length': '1' },
      });
      expect(await codeOf(keyed)).toEqual([403, 'auth.forbidden']);
    });

    it('ends by DELETE, and is gone', async () => {
      const url = await created(MIB);
      await patch(url, 0, bytes(1_000));
      expect((await fetch(url, { method: 'DELETE', headers: headersOf() })).status).toBe(204);
      expect((await head(url)).status).toBe(410);
      expect((await patch(url, 1_000, bytes(10))).status).toBe(410);
      expect(await world.events(idOf(url))).toEqual(['upload.ended.v1 aborted']);
      const left: string[] = [];
      for await (const { key } of world.stores.staging.list(`uploads/${idOf(url)}/`)) left.push(key);
      expect(left).toEqual([]);
    });

    it('is completed by the next look when the answer to the last bytes was lost', async () => {
      const data = bytes(2 * MIB);
      const url = await created(data.length);
      await world.stores.staging.put(`uploads/${idOf(url)}/tail/000000000000000`, data.subarray(0, MIB), {
        contentType: 'application/octet-stream',
      });
      expect(await offsetOf(url)).toBe(MIB);
      // The process died between storing the last part and noting the end.
      const { multipart_id } = await world.row(idOf(url));
      await createPartSink(world.stores.staging)({
        key: `uploads/${idOf(url)}/source`,
        multipartId: multipart_id,
        partNumber: 1,
        size: data.length,
        body: [data],
      });
      expect(await offsetOf(url)).toBe(data.length);
      expect((await sourceOf(url))?.equals(data)).toBe(true);
      expect(await offsetOf(url)).toBe(data.length);
    });
  });
}

function* chunked(data: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
}
