import { ALLOWED_HEADERS, ALLOWED_METHODS, EXPOSED_HEADERS, PREFLIGHT_SECONDS } from '@kinora/delivery';
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
  res.setHeader('access-control-expose-headers', EXPOSED_HEADERS);
  res.setHeader('cross-origin-resource-policy', 'cross-origin');
  res.setHeader('timing-allow-origin', '*');
}

export function answerPreflight(res: Response): void {
  res.setHeader('access-control-allow-methods', ALLOWED_METHODS);
  res.setHeader('access-control-allow-headers', ALLOWED_HEADERS);
  res.setHeader('access-control-max-age', PREFLIGHT_SECONDS);
  res.status(204).end();
}
