import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type BlockCache, type SourceObject } from './block-cache';

/** Sources that can be read at a time; the ones asked for longest ago are forgotten. */
const MOST = 1_000;

export interface RangeServer {
  /** An address on this machine under which ffmpeg reads this object, and nothing else. */
  urlOf(object: SourceObject): Promise<string>;
  close(): Promise<void>;
}

/** First and last byte of a `Range` header's only range; undefined for all, `null` for one that there is not. */
export function rangeOf(header: string | undefined, size: number): { start: number; end: number } | undefined | null {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(size - 1, Number(to));
  return start < size && start <= end ? { start, end } : null;
}

/** Sends blocks, the next one being fetched while one is sent, until all is sent or nobody reads any more. */
async function send(cache: BlockCache, object: SourceObject, start: number, end: number, res: ServerResponse) {
  const last = Math.floor(end / cache.blockBytes);
  const blockAt = (index: number) => cache.block(object, index);
  let next: Promise<Buffer> | undefined;
  for (let index = Math.floor(start / cache.blockBytes); index <= last && !res.destroyed; index += 1) {
    const block = await (next ?? blockAt(index));
    next = index < last ? blockAt(index + 1) : undefined;
    // Whether it failed is asked when it is its turn.
    next?.catch(() => undefined);
    const at = index * cache.blockBytes;
    const bytes = block.subarray(Math.max(0, start - at), end - at + 1);
    if (!res.write(bytes) && !res.destroyed) await Promise.race([once(res, 'drain'), once(res, 'close')]);
  }
  res.end();
}

/** Serves sources to the ffmpegs of this process, by ranges, on the loopback only. Listens when it is first needed. */
export function createRangeServer(cache: BlockCache): RangeServer {
  const objects = new Map<string, SourceObject>();
  const tokens = new Map<string, string>();
  let server: Server | undefined;
  let listening: Promise<number> | undefined;

  const answer = (req: IncomingMessage, res: ServerResponse): void => {
    const object = objects.get((req.url ?? '').slice(1));
    if (!object || (req.method !== 'GET' && req.method !== 'HEAD')) return void res.writeHead(404).end();
    const { size } = object;
    const range = rangeOf(req.headers.range, size);
    if (range === null) return void res.writeHead(416, { 'content-range': `bytes */${size}` }).end();
    const { start, end } = range ?? { start: 0, end: size - 1 };
    res.writeHead(range ? 206 : 200, {
      ...{ 'accept-ranges': 'bytes', 'content-length': end - start + 1 },
      ...(range && { 'content-range': `bytes ${start}-${end}/${size}` }),
    });
    if (req.method === 'HEAD') return void res.end();
    // A connection that breaks is what ffmpeg tries again, and what a run that fails is tried again for.
    send(cache, object, start, end, res).catch(() => res.destroy());
  };

  const listen = async (): Promise<number> => {
    server = createServer(answer);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };

  return {
    async urlOf(object) {
      const port = await (listening ??= listen());
      const version = `${object.key}\n${object.etag}`;
      const token = tokens.get(version) ?? randomBytes(16).toString('hex');
      // To the end of the line.
      tokens.delete(version);
      tokens.set(version, token);
      objects.set(token, object);
      for (const [oldest, its] of tokens) {
        if (tokens.size <= MOST) break;
        tokens.delete(oldest);
        objects.delete(its);
      }
      return `http://127.0.0.1:${port}/${token}`;
    },
    async close() {
      server?.closeAllConnections();
      await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
      await cache.close();
    },
  };
}
