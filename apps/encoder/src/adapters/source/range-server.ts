import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { type SourceView } from './source-view';

/** Sources that can be read at a time; the ones asked for longest ago are forgotten. */
const MOST = 1_000;

export interface RangeServer {
  /** An address on this machine under which ffmpeg reads this source, and nothing else. */
  urlOf(view: SourceView): Promise<string>;
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

/** All bytes from `start` to `end`, the next piece being fetched while one is on its way out. */
async function* pieces(view: SourceView, start: number, end: number): AsyncGenerator<Buffer> {
  let piece: Promise<Buffer> | undefined = view.piece(start, end);
  for (let at = start; piece;) {
    const bytes: Buffer = await piece;
    at += bytes.length;
    piece = at <= end ? view.piece(at, end) : undefined;
    // Whether it failed is asked when it is its turn.
    piece?.catch(() => undefined);
    yield bytes;
  }
}

/** Serves sources to the ffmpegs of this process, by ranges, on the loopback only. Listens when it is first needed. */
export function createRangeServer(): RangeServer {
  const views = new Map<string, SourceView>();
  const tokens = new Map<string, string>();
  let server: Server | undefined;
  let listening: Promise<number> | undefined;

  const answer = (req: IncomingMessage, res: ServerResponse): void => {
    const view = views.get((req.url ?? '').slice(1));
    if (!view || (req.method !== 'GET' && req.method !== 'HEAD')) return void res.writeHead(404).end();
    const { size } = view;
    const range = rangeOf(req.headers.range, size);
    if (range === null) return void res.writeHead(416, { 'content-range': `bytes */${size}` }).end();
    const { start, end } = range ?? { start: 0, end: size - 1 };
    res.writeHead(range ? 206 : 200, {
      ...{ 'accept-ranges': 'bytes', 'content-length': end - start + 1 },
      ...(range && { 'content-range': `bytes ${start}-${end}/${size}` }),
    });
    if (req.method === 'HEAD') return void res.end();
    // A connection that breaks is what ffmpeg tries again, and what a run that fails is tried again for.
    pipeline(pieces(view, start, end), res).catch(() => res.destroy());
  };

  const listen = async (): Promise<number> => {
    server = createServer(answer);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };

  return {
    async urlOf(view) {
      const port = await (listening ??= listen());
      const token = tokens.get(view.name) ?? randomBytes(16).toString('hex');
      // To the end of the line.
      tokens.delete(view.name);
      tokens.set(view.name, token);
      views.set(token, view);
      for (const [oldest, its] of tokens) {
        if (tokens.size <= MOST) break;
        tokens.delete(oldest);
        views.delete(its);
      }
      return `http://127.0.0.1:${port}/${token}`;
    },
    async close() {
      server?.closeAllConnections();
      await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
    },
  };
}
