import { type Request, type RequestHandler, type Response } from 'express';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type Site, type SiteFile } from './site';

/** Paths of the application have no dot in their last segment; a missing file is a 404, not the page. */
const isPage = (path: string) => !path.startsWith('/assets/') && !/\.[^/]*$/.test(path);

/** Pages answer under every address of the application; the router in the page knows which exist. */
export function find(site: Site, path: string): SiteFile | undefined {
  if (path === '/' || path === '/index.html') return site.page;
  return site.files.get(path) ?? (isPage(path) ? site.page : undefined);
}

function codingOf(file: SiteFile, req: Request) {
  const accepted = new Set(
    (req.get('accept-encoding') ?? '')
      .split(',')
      .filter((one) => !/;\s*q=0(\.0*)?\s*$/.test(one))
      .map((one) => one.split(';')[0]?.trim()),
  );
  for (const coding of ['br', 'gzip'] as const) {
    const copy = file.coded[coding];
    if (copy && accepted.has(coding)) return { ...copy, coding };
  }
  return { file: file.file, size: file.size, coding: undefined };
}

async function send(
  file: SiteFile,
  req: Request,
  res: Response,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const body = codingOf(file, req);
  // One tag per coding: a cache must not mix their bytes.
  const etag = body.coding ? `${file.etag.slice(0, -1)}-${body.coding}"` : file.etag;
  res.set(headers);
  res.set('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  res.set('etag', etag);
  res.set('vary', 'accept-encoding');
  const known = req.get('if-none-match');
  if (known !== undefined && known.split(',').some((one) => one.trim().replace(/^W\//, '') === etag)) {
    res.status(304).end();
    return;
  }
  res.set('content-type', file.type);
  res.set('content-length', String(body.size));
  if (body.coding) res.set('content-encoding', body.coding);
  if (req.method === 'HEAD') {
    res.end();
    return;
  }
  // A reader that goes away is no error of ours.
  await pipeline(createReadStream(body.file), res).catch(() => res.destroy());
}

/** Serves the built page: hashed files for ever, the page anew each time. Other methods and unknown files fall through. */
export function serveSite(site: () => Promise<Site>, headers: Readonly<Record<string, string>>): RequestHandler {
  return async (req, res, next) => {
    const file = req.method === 'GET' || req.method === 'HEAD' ? find(await site(), req.path) : undefined;
    if (file) await send(file, req, res, headers);
    else next();
  };
}
