import { type Request, type Response } from 'express';

/**
 * Media may be read by pages of any origin: the grant decides, not the page. Own pages may send cookies with it, so to
 * them their origin is named; the answer depends on `Origin`, and says so.
 */
export function allowOrigin(req: Request, res: Response, ownOrigins: readonly string[]): void {
  const { origin } = req.headers;
  const own = origin !== undefined && ownOrigins.includes(origin);
  res.setHeader('access-control-allow-origin', own ? origin : '*');
  if (own) res.setHeader('access-control-allow-credentials', 'true');
  res.setHeader('vary', 'origin');
  res.setHeader('access-control-expose-headers', 'content-length, content-range, accept-ranges, etag, date');
  res.setHeader('cross-origin-resource-policy', 'cross-origin');
  res.setHeader('timing-allow-origin', '*');
}

export function answerPreflight(res: Response): void {
  res.setHeader('access-control-allow-methods', 'GET, HEAD');
  res.setHeader(
    'access-control-allow-headers',
    'range, if-none-match, if-modified-since, if-range, cmcd-object, cmcd-request, cmcd-session, cmcd-status',
  );
  res.setHeader('access-control-max-age', '86400');
  res.status(204).end();
}
