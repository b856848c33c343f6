// Also runs in CloudFront's runtime, which has no URL: see cloudfront/function/handler.ts for what else it lacks.

const REFERER = /^(https?):\/\/([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?(?:[/?#]|$)/;
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: ':80', https: ':443' };

/**
 * The origin of the page that asks: `Origin`, or that of the `Referer` where a browser sends no `Origin`. Browsers send
 * both in their one normal spelling; a referer that isn't spelt so shows no origin.
 */
export function originShown(origin: string | undefined, referer: string | undefined): string | undefined {
  if (origin !== undefined) return origin;
  const parts = referer === undefined ? null : REFERER.exec(referer);
  if (!parts) return undefined;
  const scheme = parts[1] || '';
  const port = parts[3] || '';
  return `${scheme}://${(parts[2] || '').toLowerCase()}${port === DEFAULT_PORTS[scheme] ? '' : port}`;
}
