// Also runs in CloudFront's runtime: see cloudfront/function/handler.ts for what that lacks.

export interface MediaPath {
  /** Key in the distribution store: `media/{videoId}/…`. */
  readonly key: string;
  readonly videoId: string;
}

const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/;
const VIDEO = /^vid_[0-9A-HJKMNP-TV-Z]{26}$/;

/**
 * Reads the raw path of a request (no query, not percent-decoded) as a media key, or refuses it. No key of ours needs
 * percent-encoding, so `%` in any form, and with it single and double encoded dots and slashes, is refused outright,
 * as are empty, `.` and `..` segments, backslashes and trailing slashes: what is authorised is what is read.
 */
export function normaliseMediaPath(path: string): MediaPath | undefined {
  if (path.length > 512 || path.slice(0, 7) !== '/media/') return undefined;
  const parts = path.slice(7).split('/');
  const videoId = parts[0] || '';
  const rest = parts.slice(1);
  if (!VIDEO.test(videoId) || rest.length === 0 || !rest.every((part) => NAME.test(part))) return undefined;
  return { key: path.slice(1), videoId };
}
