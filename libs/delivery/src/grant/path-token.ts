import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { normaliseMediaPath } from '../media-path';
import { type GrantKeys } from './grant-keys';

/** What a path token says. */
export interface PathTokenClaims {
  readonly videoId: string;
  readonly grantId: string;
  readonly sessionId: string;
  /** Epoch seconds; the first instant at which the token no longer holds. */
  readonly expiresAt: number;
  /** Only pages of this origin may use it, e.g. `https://example.org`. Travels as a hash. */
  readonly embedOrigin?: string;
  /** ISO 3166-1 alpha-2, upper case; only viewers there. Empty is the same as absent. */
  readonly countries?: readonly string[];
}

/** Longest token, in bytes: players, logs and CDNs all have limits on a path. */
export const MAX_TOKEN_LENGTH = 300;

const VERSION = '1';
const hmac = (secret: Buffer, payload: string): Buffer => createHmac('sha256', secret).update(payload).digest();
/** 128 bits of a hash: an origin of any length fits, and isn't told to whoever sees the URL. */
const originHash = (origin: string): string =>
  createHash('sha256').update(origin.toLowerCase()).digest().subarray(0, 16).toString('base64url');

/**
 * `1.{kid}.{video}.{grant}.{session}.{expiry}.{origin}.{countries}.{signature}`: ULIDs without their prefixes, expiry in
 * base 36 seconds, origin as a 128-bit hash or nothing, countries run together or nothing, HMAC-SHA256 in base64url over
 * all before it. Fields and not JSON, so that a CloudFront Function can read it with `split`.
 * @throws Error if a claim is malformed or the token would be longer than {@link MAX_TOKEN_LENGTH}.
 */
export function signPathToken(claims: PathTokenClaims, keys: GrantKeys): string {
  const { kid, secret } = keys.signing;
  const countries = (claims.countries ?? []).join('');
  const fields = [
    VERSION,
    kid,
    claims.videoId.slice(4),
    claims.grantId.slice(4),
    claims.sessionId.slice(4),
    claims.expiresAt.toString(36),
    claims.embedOrigin === undefined ? '' : originHash(claims.embedOrigin),
    countries,
  ];
  const payload = fields.join('.');
  const token = `${payload}.${hmac(secret, payload).toString('base64url')}`;
  const ids = [claims.videoId, claims.grantId, claims.sessionId].map((id) => id.slice(0, 4)).join();
  if (!TOKEN.test(token) || ids !== 'vid_,grt_,ses_') throw new Error('a claim of the path token is malformed');
  if (token.length > MAX_TOKEN_LENGTH) throw new Error('the path token is too long: too many countries');
  return token;
}

const TOKEN =
  /^1\.([\w-]{1,16})\.([0-9A-Z]{26})\.([0-9A-Z]{26})\.([0-9A-Z]{26})\.([0-9a-z]{1,9})\.([\w-]{22})?\.((?:[A-Z]{2})*)\.([\w-]{43})$/;

export interface PathTokenRequest {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Raw path after the token: `/media/{videoId}/…`. */
  readonly path: string;
  /** Origins that the request shows: of its `Origin` or `Referer` header. */
  readonly origin?: string | undefined;
  /** The platform's own origins, whose pages (the embed page among them) may use any token. */
  readonly ownOrigins?: readonly string[];
  /** The viewer's country, when something trusted told it. */
  readonly country?: string | undefined;
}

export type PathTokenRefusal =
  'malformed' | 'unknown_key' | 'bad_signature' | 'expired' | 'out_of_scope' | 'wrong_origin' | 'wrong_country';
export type VerifiedPathToken =
  | {
      readonly ok: true;
      readonly key: string;
      readonly videoId: string;
      readonly grantId: string;
      readonly sessionId: string;
      readonly expiresAt: number;
    }
  | { readonly ok: false; readonly reason: PathTokenRefusal };

const refuse = (reason: PathTokenRefusal): VerifiedPathToken => ({ ok: false, reason });

/**
 * Verifies a token for one path, and answers with the store key it opens. Never throws, whatever the input. A bound
 * origin or country that the request doesn't show counts as a wrong one.
 */
export function verifyPathToken(token: string, keys: GrantKeys, request: PathTokenRequest): VerifiedPathToken {
  const fields = token.length <= MAX_TOKEN_LENGTH ? TOKEN.exec(token) : null;
  if (!fields) return refuse('malformed');
  const [, kid = '', video = '', grant = '', session = '', expiry = '', origin, countries = '', signature = ''] =
    fields;
  const secret = keys.all.get(kid);
  if (!secret) return refuse('unknown_key');
  const given = Buffer.from(signature, 'base64url');
  const right = hmac(secret, token.slice(0, token.length - signature.length - 1));
  // The text is compared too: base64url has several spellings of the last character, and a token must have one.
  if (given.length !== right.length || !timingSafeEqual(given, right) || right.toString('base64url') !== signature)
    return refuse('bad_signature');
  const expiresAt = Number.parseInt(expiry, 36);
  if (expiresAt * 1000 <= request.now) return refuse('expired');
  const path = normaliseMediaPath(request.path);
  if (path?.videoId !== `vid_${video}`) return refuse('out_of_scope');
  if (origin !== undefined && !originAllowed(origin, request)) return refuse('wrong_origin');
  if (countries !== '' && !pairsOf(countries).includes(request.country ?? '')) return refuse('wrong_country');
  return {
    ok: true,
    key: path.key,
    videoId: path.videoId,
    grantId: `grt_${grant}`,
    sessionId: `ses_${session}`,
    expiresAt,
  };
}

const pairsOf = (text: string): string[] =>
  Array.from({ length: text.length / 2 }, (_, i) => text.slice(2 * i, 2 * i + 2));

function originAllowed(hash: string, { origin, ownOrigins }: PathTokenRequest): boolean {
  if (origin === undefined) return false;
  return ownOrigins?.includes(origin) === true || originHash(origin) === hash;
}
