import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type GrantKeys } from './grant-keys';
import {
  MAX_TOKEN_LENGTH,
  type PathTokenRefusal,
  readToken,
  refusalOfToken,
  TOKEN,
  type TokenRequest,
  type TokenTools,
} from './token-rules';

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

const VERSION = '1';
const hmac = (secret: Buffer, payload: string): string =>
  createHmac('sha256', secret).update(payload).digest('base64url');
/** 128 bits of a hash: an origin of any length fits, and isn't told to whoever sees the URL. */
const hashOrigin = (origin: string): string =>
  createHash('sha256').update(origin).digest().subarray(0, 16).toString('base64url');

const tools: TokenTools = {
  equal: (a, b) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b)),
  hashOrigin,
};

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
    claims.embedOrigin === undefined ? '' : hashOrigin(claims.embedOrigin.toLowerCase()),
    countries,
  ];
  const payload = fields.join('.');
  const token = `${payload}.${hmac(secret, payload)}`;
  const ids = [claims.videoId, claims.grantId, claims.sessionId].map((id) => id.slice(0, 4)).join();
  if (!TOKEN.test(token) || ids !== 'vid_,grt_,ses_') throw new Error('a claim of the path token is malformed');
  if (token.length > MAX_TOKEN_LENGTH) throw new Error('the path token is too long: too many countries');
  return token;
}

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

/** Verifies a token for one path, and answers with the store key it opens. Never throws, whatever the input. */
export function verifyPathToken(token: string, keys: GrantKeys, request: TokenRequest): VerifiedPathToken {
  const fields = readToken(token);
  if (!fields) return refuse('malformed');
  const secret = keys.all.get(fields.kid);
  if (!secret) return refuse('unknown_key');
  const reason = refusalOfToken(fields, hmac(secret, fields.payload), request, tools);
  if (reason) return refuse(reason);
  const { videoId, grantId, sessionId, expiresAt } = fields;
  return { ok: true, key: request.path.slice(1), videoId, grantId, sessionId, expiresAt };
}
