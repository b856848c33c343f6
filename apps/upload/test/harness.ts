import { type Role, createClient } from '@kinora/contracts-common';
import { type SignedPart, uploadsContract } from '@kinora/contracts-upload';
import { type RunningService, createBase, listen } from '@kinora/service';
import { DiskStore, createStores, storageConfigShape, storeDataPlane } from '@kinora/storage';
import { freshDir, testCognito, testDatabase, testRedis, withClient } from '@kinora/testing';
import httpProxy from 'http-proxy-3';
import { createHash, randomBytes } from 'node:crypto';
import { type Server, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { z } from 'zod';
import { compose } from '../src/composition';
import { readConfig } from '../src/config';
import { createPeople, startNeighbours } from './neighbours';

export const MIB = 1024 ** 2;
export const PART = 5 * MIB;
const SIGNING_KEY = 'k'.repeat(32);

export const bytes = (size: number): Buffer => randomBytes(size);
export const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('base64');
export const problem = (code: string, status: number) => expect.objectContaining({ code, status });

export interface UploadRow {
  state: string;
  multipart_id: string;
  lease_until: Date | null;
  cleaned_at: Date | null;
}

export type World = Awaited<ReturnType<typeof startWorld>>;

/**
 * Back ends, neighbours and a public origin before them; instances of the service come and go. `bucket`: the environment of stores that are
 * not on this disk.
 */
export async function startWorld(bucket?: Readonly<Record<string, string>>) {
  const [database, redis, cognito, neighbours] = await Promise.all([
    testDatabase(),
    testRedis(),
    testCognito(),
    startNeighbours(),
  ]);
  const people = await createPeople(cognito);
  const root = freshDir('kinora-store');

  // As edge and the gateway do it: part URLs go to the data plane, the rest to some instance.
  let target: string | undefined;
  const proxy = httpProxy.createProxyServer({});
  const front: Server = createServer((req, res) => {
    if (dataPlane && req.url?.startsWith('/store/')) void dataPlane(req, res);
    else if (target === undefined) res.writeHead(502).end();
    else proxy.web(req, res, { target }, () => res.destroy());
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const publicUrl = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
  const storage = bucket ?? { STORAGE_DRIVER: 'disk', STORAGE_DISK_ROOT: root, STORAGE_SIGNING_KEY: SIGNING_KEY };
  const stores = createStores({ ...z.object(storageConfigShape).parse(storage), KINORA_PUBLIC_URL: publicUrl });
  const { staging } = stores;
  const dataPlane =
    staging instanceof DiskStore ? storeDataPlane({ stores: { staging }, signingKey: SIGNING_KEY }) : undefined;

  const environment: Record<string, string> = {
    ...storage,
    ...people.environment,
    ...{ PORT: '0', KINORA_PUBLIC_URL: publicUrl, DATABASE_URL: database.url, REDIS_URL: redis.url },
    ...{ KINORA_AUTH_URL: neighbours.url, KINORA_CATALOG_URL: neighbours.url, KINORA_SERVICE_SECRET: 's'.repeat(32) },
    UPLOAD_PART_BYTES: String(PART),
  };

  const running = new Set<RunningService>();
  const sql = async <R extends object>(text: string, values: unknown[] = []): Promise<R[]> =>
    withClient(database.url, async (client) => (await client.query<R>(text, values)).rows);

  return {
    publicUrl,
    environment,
    stores,
    neighbours,
    database,
    redis,
    sql,
    person: (name: string, role: Role = 'creator') => people.person(name, role),
    as: (token: string) =>
      createClient(uploadsContract, publicUrl, { headers: () => ({ authorization: `Bearer ${token}` }) }),
    asKey: (key: string) => createClient(uploadsContract, publicUrl, { headers: () => ({ 'x-api-key': key }) }),
    /** Starts an instance; the public origin leads to the one that was started last, or is named. */
    async start(extra: Record<string, string> = {}): Promise<RunningService> {
      const base = createBase('upload', process.env['TEST_LOG_LEVEL'] ?? 'silent');
      const config = readConfig({ ...environment, ...extra });
      const service = await listen(base, await compose(base, config));
      running.add(service);
      target = service.url;
      return service;
    },
    direct: ({ url }: { url: string }) => void (target = url),
    async kill(service: RunningService): Promise<void> {
      running.delete(service);
      await service.stop();
    },
    row: async (id: string): Promise<UploadRow> => {
      const [row] = await sql<UploadRow>(
        'select state, multipart_id, lease_until, cleaned_at from upload.uploads where id = $1',
        [id],
      );
      if (!row) throw new Error(`no upload ${id}`);
      return row;
    },
    /** Names and reasons of the events about an upload. */
    events: async (id: string): Promise<string[]> => {
      const rows = await sql<{ name: string; reason: string | null }>(
        "select name, data->>'reason' as reason from upload.outbox where data->>'uploadId' = $1 order by id",
        [id],
      );
      return rows.map(({ name, reason }) => (reason === null ? name : `${name} ${reason}`));
    },
    source: async (videoId: string, id: string): Promise<Buffer | undefined> => {
      const key = `sources/${videoId}/${id}`;
      if (!(await stores.raw.head(key))) return undefined;
      return Buffer.concat(await (await stores.raw.get(key)).body.toArray());
    },
    async stop() {
      await Promise.all([...running].map((service) => service.stop()));
      proxy.close();
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
      await Promise.all([database.drop(), redis.stop(), cognito.stop(), neighbours.stop()]);
    },
  };
}

type Uploader = ReturnType<World['as']>;

/** Cuts the bytes and PUTs some parts to their signed URLs. */
export async function putParts(
  uploader: Uploader,
  id: string,
  data: Buffer,
  numbers: number[],
  checksums?: Record<string, string>,
) {
  const { parts } = await uploader.signParts({
    params: { uploadId: id },
    body: { partNumbers: numbers, ...(checksums && { checksums }) },
  });
  return Promise.all(
    parts.map((part) => put(part, data.subarray((part.partNumber - 1) * PART, part.partNumber * PART))),
  );
}

export async function put(
  part: SignedPart,
  body: Buffer,
): Promise<{ partNumber: number; etag: string; status: number }> {
  const res = await fetch(part.url, { method: 'PUT', headers: part.headers, body: new Uint8Array(body) });
  await res.arrayBuffer();
  return { partNumber: part.partNumber, etag: res.headers.get('etag') ?? '', status: res.status };
}

/** An upload all of whose parts are in the store. */
export async function uploaded(uploader: Uploader, data: Buffer) {
  const upload = await uploader.createUpload({
    body: { filename: 'clip.mp4', size: data.length, contentType: 'video/mp4' },
  });
  const numbers = Array.from({ length: upload.partCount }, (_, index) => index + 1);
  const parts = (await putParts(uploader, upload.id, data, numbers)).map(({ partNumber, etag }) => ({
    partNumber,
    etag,
  }));
  return { ...upload, parts };
}
