// Also runs in CloudFront's runtime: see cloudfront/function/handler.ts for what that lacks.
import { normaliseMediaPath } from '../media-path';

/** Longest token, in bytes: players, logs and CDNs all have limits on a path. */
export const MAX_TOKEN_LENGTH = 300;

export const TOKEN =
  /^1\.([\w-]{1,16})\.([0-9A-Z]{26})\.([0-9A-Z]{26})\.([0-9A-Z]{26})\.([0-9a-z]{1,9})\.([\w-]{22})?\.((?:[A-Z]{2})*)\.([\w-]{43})$/;

/** A token taken apart. Nothing of it is proven yet. */
export interface TokenFields {
  /** The text that is signed. */
  readonly payload: string;
  readonly kid: string;
  readonly videoId: string;
  readonly grantId: string;
  readonly sessionId: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
  /** Hash of the only origin that may use it, or empty. */
  readonly origin: string;
  /** Country codes run together, or empty. */
  readonly countries: string;
  readonly signature: string;
}

/** What of a request a token is judged by. */
export interface TokenRequest {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Raw path after the token: `/media/{videoId}/…`. */
  readonly path: string;
  /** The origin that the request shows: of its `Origin` or `Referer` header. */
  readonly origin?: string | undefined;
  /** The platform's own origins, whose pages (the embed page among them) may use any token. */
  readonly ownOrigins?: readonly string[];
  /** The viewer's country, when something trusted told it. */
  readonly country?: string | undefined;
}

export type PathTokenRefusal =
  'malformed' | 'unknown_key' | 'bad_signature' | 'expired' | 'out_of_scope' | 'wrong_origin' | 'wrong_country';

/** What the two runtimes do each in their way. */
export interface TokenTools {
  /** Compares without telling by its time how much of the texts is alike. */
  readonly equal: (a: string, b: string) => boolean;
  /** 128 bits of the SHA-256 of a lower-case origin, in base64url. */
  readonly hashOrigin: (origin: string) => string;
}

/** `/t/{token}/media/…` in its two parts. */
export function splitTokenPath(path: string): { readonly token: string; readonly rest: string } {
  const slash = path.indexOf('/', 3);
  return slash < 0 ? { token: path.slice(3), rest: '' } : { token: path.slice(3, slash), rest: path.slice(slash) };
}

/** Undefined if it isn't spelt as a token. */
export function readToken(token: string): TokenFields | undefined {
  const parts = token.length <= MAX_TOKEN_LENGTH ? TOKEN.exec(token) : null;
  if (!parts) return undefined;
  const part = (index: number): string => parts[index] || '';
  return {
    payload: token.slice(0, token.lastIndexOf('.')),
    kid: part(1),
    videoId: `vid_${part(2)}`,
    grantId: `grt_${part(3)}`,
    sessionId: `ses_${part(4)}`,
    expiresAt: parseInt(part(5), 36),
    origin: part(6),
    countries: part(7),
    signature: part(8),
  };
}

/**
 * Why a token doesn't open the path, in this order; undefined if it does. `right` is the signature as it should be. A
 * bound origin or country that the request doesn't show counts as a wrong one.
 */
export function refusalOfToken(
  token: TokenFields,
  right: string,
  request: TokenRequest,
  tools: TokenTools,
): PathTokenRefusal | undefined {
  // As text: base64url has several spellings of the last character, and a token must have one.
  if (!tools.equal(token.signature, right)) return 'bad_signature';
  if (token.expiresAt * 1000 <= request.now) return 'expired';
  const media = normaliseMediaPath(request.path);
  if (!media || media.videoId !== token.videoId) return 'out_of_scope';
  if (token.origin !== '' && !mayUse(token.origin, request, tools)) return 'wrong_origin';
  if (token.countries !== '' && !holds(token.countries, request.country)) return 'wrong_country';
  return undefined;
}

function mayUse(hash: string, request: TokenRequest, tools: TokenTools): boolean {
  const origin = request.origin;
  if (origin === undefined) return false;
  return (request.ownOrigins || []).indexOf(origin) >= 0 || tools.hashOrigin(origin.toLowerCase()) === hash;
}

/** Codes run together are read in pairs: `DEFR` holds no `EF`. */
function holds(countries: string, country: string | undefined): boolean {
  for (let i = 0; i < countries.length; i += 2) if (countries.slice(i, i + 2) === country) return true;
  return false;
}
