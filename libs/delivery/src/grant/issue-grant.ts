import { createHash } from 'node:crypto';
import { layout } from '../layout';
import { signCookies, type SigningKey, signUrl } from '../cloudfront/sign';
import { type GrantKeys } from './grant-keys';
import { ISSUED_SKEW_SECONDS, issuedAtOf } from './grant-times';
import { signPathToken } from './path-token';

/** Longest life of a grant. */
export const MAX_GRANT_SECONDS = 6 * 3600;

export interface GrantRequest {
  readonly grantId: string;
  readonly videoId: string;
  readonly sessionId: string;
  /** Whose manifests, poster and storyboard are meant; the grant itself opens the whole video. */
  readonly encodingId: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** 1 … {@link MAX_GRANT_SECONDS}; see {@link expiryOf} for the exact end. */
  readonly ttlSeconds: number;
  readonly embedOrigin?: string;
  readonly countries?: readonly string[];
}

export interface Issuer {
  /** Origin of the media, e.g. `https://media.example.org`. Without a trailing slash. */
  readonly publicUrl: string;
  readonly grantKeys: GrantKeys;
  readonly signingKey: SigningKey;
  /** `Domain` of the cookies, when pages and media are on different hosts of one domain. */
  readonly cookieDomain?: string;
}

/** One permission in three spellings. All end at the same instant. */
export interface Grant {
  readonly expiresAt: Date;
  readonly token: string;
  readonly hls: string;
  readonly dash: string;
  readonly poster: string;
  readonly storyboard: string;
  readonly cookieHls: string;
  readonly cookieDash: string;
  /**
   * Values for `Set-Cookie`, bound to the path of this video so that several videos don't overwrite each other's. None
   * for a grant that is bound to an origin or to countries: a CloudFront policy can't hold those bonds.
   */
  readonly setCookie: readonly string[];
  /** A CloudFront signed URL for one object of this video. @throws Error for a bound grant, as above. */
  signFile(key: string): string;
}

/**
 * When a grant ends, in epoch seconds: up to a sixteenth of its life (17 minutes at most) early, by a hash of its id.
 * A CloudFront policy has no place for an id, so the pair of issue time and end stands for it when one is revoked
 * (`fingerprintOf`); without the spread, viewers who came in the same second would share it.
 */
export function expiryOf(grantId: string, issuedAt: number, ttlSeconds: number): number {
  const spread = Math.min(1024, Math.floor(ttlSeconds / 16));
  const early = spread > 0 ? createHash('sha256').update(grantId).digest().readUInt32BE() % spread : 0;
  return issuedAt + ttlSeconds - early;
}

/** @throws Error for a life outside the bounds, or malformed ids or countries. */
export function issueGrant(request: GrantRequest, issuer: Issuer): Grant {
  const { grantId, videoId, sessionId, encodingId, ttlSeconds, embedOrigin, countries } = request;
  if (!Number.isInteger(ttlSeconds) || ttlSeconds < 1 || ttlSeconds > MAX_GRANT_SECONDS)
    throw new Error(`a grant lives 1 to ${MAX_GRANT_SECONDS} seconds`);
  // The id's own time, so that whoever knows the id knows the fingerprint.
  const issuedAt = Math.floor(issuedAtOf(grantId) / 1000);
  const expiresAt = expiryOf(grantId, Math.floor(request.now / 1000), ttlSeconds);
  const claims = {
    videoId,
    grantId,
    sessionId,
    expiresAt,
    ...(embedOrigin !== undefined && { embedOrigin }),
    ...(countries && { countries }),
  };
  const token = signPathToken(claims, issuer.grantKeys);
  const times = { dateLessThan: expiresAt, dateGreaterThan: issuedAt - ISSUED_SKEW_SECONDS };
  const base = issuer.publicUrl.replace(/\/$/, '');
  const byToken = (key: string): string => `${base}/t/${token}/${key}`;
  const bound = embedOrigin !== undefined || (countries?.length ?? 0) > 0;
  const cookies = bound
    ? {}
    : signCookies({ resource: `${base}/${layout.video(videoId)}*`, ...times }, issuer.signingKey);
  const attributes = [
    `Path=/${layout.video(videoId)}`,
    ...(issuer.cookieDomain !== undefined ? [`Domain=${issuer.cookieDomain}`] : []),
    `Expires=${new Date(expiresAt * 1000).toUTCString()}`,
    'HttpOnly',
    ...(base.startsWith('https:') ? ['Secure'] : []),
    'SameSite=Lax',
  ].join('; ');
  return {
    expiresAt: new Date(expiresAt * 1000),
    token,
    hls: byToken(layout.hls(videoId, encodingId)),
    dash: byToken(layout.dash(videoId, encodingId)),
    poster: byToken(layout.poster(videoId, encodingId)),
    storyboard: byToken(layout.storyboard(videoId, encodingId)),
    cookieHls: `${base}/${layout.hls(videoId, encodingId)}`,
    cookieDash: `${base}/${layout.dash(videoId, encodingId)}`,
    setCookie: Object.entries(cookies).map(([name, value]) => `${name}=${value}; ${attributes}`),
    signFile: (key) => {
      if (bound) throw new Error('a grant that is bound to an origin or countries has no signed URLs');
      if (!key.startsWith(layout.video(videoId))) throw new Error('a grant opens the files of its own video only');
      return signUrl(`${base}/${key}`, { resource: `${base}/${key}`, ...times }, issuer.signingKey);
    },
  };
}
