import { type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { answerFor } from '@kinora/delivery';
import { StoreError, type StoreErrorCode } from './errors';
import { CHECKSUM_ALGORITHMS, type ObjectStore, type PartReceiver } from './object-store';
import { type StoreUrlClaims, verifyStoreUrl } from './signed-url';

export interface DataPlaneOptions {
  /** Stores that may be reached, by name. */
  readonly stores: Readonly<Record<string, ObjectStore & PartReceiver>>;
  /** The key with which the stores sign their URLs. */
  readonly signingKey: string;
  /** Told of each request that ends: for metrics. `code` is undefined for a success. */
  readonly onEnd?: (end: {
    readonly method: string;
    readonly store: string;
    readonly bytes: number;
    readonly code?: string;
  }) => void;
}

const CHECKSUM_HEADERS = CHECKSUM_ALGORITHMS.map((algorithm) => `x-amz-checksum-${algorithm}`);

/** Answers one request whose path starts with `/store/`. Never rejects. */
export type DataPlane = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

/** A refusal of the data plane itself, before a store is asked. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
  ) {
    super(title);
  }
}

const STATUS: Readonly<Record<StoreErrorCode, number>> = {
  'store.not_found': 404,
  'store.part_missing': 400,
  'store.part_mismatch': 400,
  'store.part_too_small': 400,
  'store.checksum_mismatch': 400,
  'store.size_mismatch': 400,
  'store.precondition_failed': 412,
  'store.range_not_satisfiable': 416,
  'store.invalid_key': 400,
  'store.unavailable': 503,
};

/**
 * The HTTP side of the disk adapter, for whatever serves it (`edge`, the conformance suite): PUT of signed parts, GET and
 * HEAD of signed objects. Framework-neutral. The signature is checked before anything else, so that nobody without one
 * learns what exists.
 */
export function storeDataPlane(options: DataPlaneOptions): DataPlane {
  return async (req, res) => {
    const method = req.method ?? 'GET';
    const target = 'originalUrl' in req && typeof req.originalUrl === 'string' ? req.originalUrl : (req.url ?? '');
    let [store, bytes, code] = ['none', 0, undefined as string | undefined];
    res.setHeader('access-control-allow-origin', '*');
    res.setHeader('access-control-expose-headers', 'etag, content-range, accept-ranges, content-length');
    res.setHeader('x-content-type-options', 'nosniff');
    try {
      if (method === 'OPTIONS') return void preflight(res);
      const verified = verifyStoreUrl({ method, target }, options.signingKey, Date.now());
      if (!verified.ok) {
        throw verified.reason === 'expired'
          ? new Refusal(403, 'store.url_expired', 'This URL has expired')
          : new Refusal(403, 'store.url_invalid', 'This URL does not permit the request');
      }
      const { claims } = verified;
      const found = Object.hasOwn(options.stores, claims.store) ? options.stores[claims.store] : undefined;
      if (!found) throw new Refusal(404, 'store.not_found', 'No such store');
      store = claims.store;
      bytes =
        claims.method === 'PUT' ? await putPart(found, claims, req, res) : await getObject(found, claims, req, res);
    } catch (error) {
      code = fail(error, res);
      // The rest of a refused part is thrown away, so that the connection can carry the next request.
      req.resume();
    } finally {
      options.onEnd?.({ method, store, bytes, ...(code !== undefined && { code }) });
    }
  };
}

function preflight(res: ServerResponse): void {
  res.writeHead(204, {
    'access-control-allow-methods': 'GET, HEAD, PUT',
    'access-control-allow-headers': ['content-type', 'range', ...CHECKSUM_HEADERS].join(', '),
    'access-control-max-age': '86400',
  });
  res.end();
}

async function putPart(
  store: PartReceiver,
  claims: StoreUrlClaims & { method: 'PUT' },
  req: IncomingMessage,
  res: ServerResponse,
): Promise<number> {
  const length = req.headers['content-length'];
  if (length === undefined) throw new Refusal(411, 'store.length_required', 'A part needs a content-length');
  if (Number(length) !== claims.size)
    throw new Refusal(400, 'store.size_mismatch', `This URL permits exactly ${claims.size} bytes`);
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const sent = req.headers[`x-amz-checksum-${algorithm}`];
    const signed = claims.checksum?.algorithm === algorithm ? claims.checksum.value : undefined;
    // The URL was signed for certain bytes; a header that says otherwise is an error of the client that S3 reports too.
    if (sent !== undefined && sent !== signed)
      throw new Refusal(403, 'store.url_invalid', 'The checksum is not the one that was signed');
  }
  const { etag } = await store.putPart({ ...claims, body: req });
  res.writeHead(200, { etag, 'content-length': '0', 'cache-control': 'no-store' });
  res.end();
  return claims.size;
}

async function getObject(
  store: ObjectStore,
  claims: StoreUrlClaims & { method: 'GET' },
  req: IncomingMessage,
  res: ServerResponse,
): Promise<number> {
  const info = await store.head(claims.key);
  if (!info) throw new Refusal(404, 'store.not_found', 'No such object');
  const answer = answerFor(req.method ?? 'GET', req.headers, info);
  res.setHeader('etag', info.etag);
  res.setHeader('accept-ranges', 'bytes');
  res.setHeader('cache-control', 'private, no-store');
  if (answer.status === 304) {
    res.writeHead(304).end();
    return 0;
  }
  if (answer.status === 412) throw new Refusal(412, 'store.precondition_failed', 'The object has changed');
  if (answer.status === 416) {
    res.setHeader('content-range', `bytes */${info.size}`);
    throw new Refusal(416, 'store.range_not_satisfiable', 'The range lies beyond the object');
  }
  // An uploaded original is what a stranger sent: it is never shown as a page of this origin.
  res.setHeader('content-disposition', claims.disposition ?? 'attachment');
  res.setHeader('content-security-policy', "sandbox; default-src 'none'");
  res.setHeader('content-type', info.contentType);
  res.setHeader('last-modified', info.lastModified.toUTCString());
  const span = answer.status === 206 ? answer.span : undefined;
  if (span) res.setHeader('content-range', `bytes ${span.start}-${span.end}/${info.size}`);
  const size = span ? span.end - span.start + 1 : info.size;
  res.setHeader('content-length', size);
  res.statusCode = answer.status;
  if (req.method === 'HEAD') {
    res.end();
    return 0;
  }
  const content = await store.get(claims.key, span && { range: span });
  await pipeline(content.body, res);
  return size;
}

/** Answers with a problem document (RFC 9457) when that is still possible. Returns the code. */
function fail(error: unknown, res: ServerResponse): string {
  const [status, code, title] =
    error instanceof Refusal
      ? [error.status, error.code, error.title]
      : error instanceof StoreError
        ? [STATUS[error.code], error.code, 'The store refuses the request']
        : [500, 'internal', 'Internal error'];
  if (res.destroyed) return 'client_gone';
  if (res.headersSent) res.destroy();
  else {
    for (const name of ['content-length', 'content-disposition', 'last-modified', 'etag']) res.removeHeader(name);
    res.writeHead(status, {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(status === 503 && { 'retry-after': '1' }),
    });
    res.end(JSON.stringify({ title, status, code }));
  }
  return code;
}
