import { DomainError } from '@kinora/contracts-common';
import { answerFor, isManifest } from '@kinora/delivery';
import { type ObjectStore, StoreError } from '@kinora/storage';
import { type Request, type RequestHandler, type Response } from 'express';
import { pipeline } from 'node:stream/promises';
import { type HeldObject, type ObjectCache } from '../adapters/memory/object-cache';
import { type createAuthorise, type Spelling } from '../domain/authorise';
import { cacheControlOf, privately } from '../domain/cache-policy';
import { mediaNotFound, refused } from '../domain/refusals';
import { type EdgeMetrics } from '../edge-metrics';
import { allowOrigin, answerPreflight } from './cors';
import { mediaRequest } from './request';

export interface MediaParts {
  readonly authorise: ReturnType<typeof createAuthorise>;
  readonly cache: ObjectCache;
  readonly store: ObjectStore;
  readonly metrics: EdgeMetrics;
  readonly ownOrigins: readonly string[];
  readonly countryHeader?: string | undefined;
}

/** GET and HEAD of published media, by whichever spelling of a grant. Everything else about the request comes after the grant. */
export function mediaHandler(parts: MediaParts): RequestHandler {
  const { authorise, cache, metrics, ownOrigins, countryHeader } = parts;
  return async (req, res) => {
    allowOrigin(req, res, ownOrigins);
    res.setHeader('x-content-type-options', 'nosniff');
    res.setHeader('cache-control', 'no-store'); // for refusals; replaced on success
    if (req.method === 'OPTIONS') return answerPreflight(res);

    const authorised = authorise(mediaRequest(req, countryHeader));
    if (!authorised.ok) {
      metrics.denials.inc({ reason: authorised.reason });
      throw refused(authorised.refusal);
    }
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.setHeader('allow', 'GET, HEAD, OPTIONS');
      res.status(405).end();
      return;
    }
    const held = await cache.get(authorised.key).catch((error: unknown) => {
      throw isNotFound(error) ? mediaNotFound(error) : error;
    });
    metrics.cache.inc({ outcome: held.outcome });
    await answer(req, res, held, authorised.spelling, parts);
  };
}

const isNotFound = (error: unknown): boolean =>
  error instanceof StoreError && (error.code === 'store.not_found' || error.code === 'store.invalid_key');

async function answer(
  req: Request,
  res: Response,
  { info, body }: HeldObject,
  spelling: Spelling,
  parts: MediaParts,
): Promise<void> {
  const decided = answerFor(req.method, req.headers, info);
  const policy = cacheControlOf(info, body);
  res.setHeader('etag', info.etag);
  res.setHeader('accept-ranges', 'bytes');
  if (decided.status === 412)
    throw new DomainError('conflict', 'media.changed', 'The media is not the version that was asked for.');
  if (decided.status === 416) {
    res.setHeader('content-range', `bytes */${info.size}`);
    res.status(416).end();
    return;
  }
  res.setHeader('cache-control', spelling === 'token' ? policy : privately(policy));
  res.setHeader('last-modified', info.lastModified.toUTCString());
  res.statusCode = decided.status;
  if (decided.status === 304) return void res.end();

  const span = decided.status === 206 ? decided.span : { start: 0, end: info.size - 1 };
  const size = span.end - span.start + 1;
  res.setHeader('content-type', info.contentType);
  res.setHeader('content-length', size);
  if (decided.status === 206) res.setHeader('content-range', `bytes ${span.start}-${span.end}/${info.size}`);
  if (req.method === 'HEAD') return void res.end();
  parts.metrics.bytes.inc({ kind: isManifest(info.key) ? 'manifest' : 'media' }, size);
  if (body) return void res.end(size === body.length ? body : body.subarray(span.start, span.end + 1));
  await stream(res, info.key, span, size, parts.store);
}

/** A large object, straight from the store. A viewer who goes away is no error. */
async function stream(
  res: Response,
  key: string,
  span: { start: number; end: number },
  size: number,
  store: ObjectStore,
): Promise<void> {
  if (size === 0) return void res.end();
  const content = await store.get(key, { range: span });
  await pipeline(content.body, res).catch((error: unknown) => {
    if (!res.destroyed) throw error;
  });
}
