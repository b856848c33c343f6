import {
  type GrantKeys,
  hasUrlSignature,
  issuedAtOf,
  normaliseMediaPath,
  type PathTokenRefusal,
  type Refusal,
  SignatureCache,
  type SignatureRefusal,
  splitTokenPath,
  timesOfPolicy,
  toldOf,
  type VerificationKeys,
  verifyPathToken,
  verifySignedCookies,
  verifySignedUrl,
} from '@kinora/delivery';
import { type Revocations } from './revocations';

/** What of a request decides whether it may read. */
export interface MediaRequest {
  /** Raw target: path and query, percent-encoding untouched. */
  readonly target: string;
  /** All values of each cookie. */
  readonly cookies: () => ReadonlyMap<string, readonly string[]>;
  readonly origin?: string | undefined;
  readonly country?: string | undefined;
  readonly ip?: string | undefined;
}

export type Spelling = 'token' | 'url' | 'cookie';
export type Authorised =
  | { readonly ok: true; readonly key: string; readonly videoId: string; readonly spelling: Spelling }
  | {
      readonly ok: false;
      readonly refusal: Refusal;
      /** For metrics: more than the client is told. */ readonly reason: string;
    };

export interface Keys {
  readonly grantKeys: GrantKeys;
  readonly verificationKeys: VerificationKeys;
}

export interface AuthoriseParts {
  /** The keys as they are now: they are rotated while edge runs. */
  readonly keys: () => Keys;
  readonly revocations: Revocations;
  /** Origin in signed URLs and policies. */
  readonly publicUrl: string;
  /** Origins of own pages. */
  readonly ownOrigins: readonly string[];
  readonly clock: () => number;
}

const refuse = (reason: PathTokenRefusal | SignatureRefusal | 'revoked'): Authorised => ({
  ok: false,
  refusal: toldOf(reason),
  reason,
});

/**
 * May this request read, and what? Decided before any cache or store is looked at. A token in the path is alone
 * considered when there is one, then a signature in the query, then cookies: what is refused in one spelling isn't tried
 * in another.
 */
export function createAuthorise(parts: AuthoriseParts): (request: MediaRequest) => Authorised {
  const { keys, revocations, publicUrl, ownOrigins, clock } = parts;
  const signatures = new SignatureCache();

  const byToken = (path: string, request: MediaRequest): Authorised => {
    const { token, rest } = splitTokenPath(path);
    const verified = verifyPathToken(token, keys().grantKeys, { now: clock(), path: rest, ownOrigins, ...request });
    if (!verified.ok) return refuse(verified.reason);
    const { key, videoId, grantId } = verified;
    if (revocations.isRevoked({ videoId, grantId, issuedAt: issuedAtOf(grantId) })) return refuse('revoked');
    return { ok: true, key, videoId, spelling: 'token' };
  };

  const bySignature = (path: string, request: MediaRequest): Authorised => {
    const { verificationKeys } = keys();
    const signed = { url: publicUrl + request.target, now: clock(), ip: request.ip };
    const spelling = hasUrlSignature(request.target) ? 'url' : 'cookie';
    const verified =
      spelling === 'url'
        ? verifySignedUrl(signed, verificationKeys, signatures)
        : verifySignedCookies(request.cookies(), signed, verificationKeys, signatures);
    if (!verified.ok) return refuse(verified.reason);
    // A wildcard may match a path that is read otherwise than it is spelt: only one that has a single reading is served.
    const media = normaliseMediaPath(path);
    if (!media) return refuse('out_of_scope');
    const { dateGreaterThan, dateLessThan } = verified.policy;
    const times = timesOfPolicy(dateGreaterThan, dateLessThan);
    if (revocations.isRevoked({ videoId: media.videoId, ...times })) return refuse('revoked');
    return { ok: true, ...media, spelling };
  };

  return (request) => {
    const [path = ''] = request.target.split('?', 1);
    return path.startsWith('/t/') ? byToken(path, request) : bySignature(path, request);
  };
}
