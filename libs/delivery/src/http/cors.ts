// Also runs in CloudFront's runtime: see cloudfront/function/handler.ts for what that lacks.

/** Headers of an answer that pages of other origins may read. */
export const EXPOSED_HEADERS = 'content-length, content-range, accept-ranges, etag, date';
export const ALLOWED_METHODS = 'GET, HEAD';
/** Headers that players send: ranges, conditions, CMCD. */
export const ALLOWED_HEADERS =
  'range, if-none-match, if-modified-since, if-range, cmcd-object, cmcd-request, cmcd-session, cmcd-status';
export const PREFLIGHT_SECONDS = '86400';
