import { createHmac, timingSafeEqual } from 'node:crypto';
import { assertKey } from './key';
import { type Checksum } from './object-store';

/** What a URL of the disk adapter permits: to put one part, or to read one object. All of it is under the signature. */
export type StoreUrlClaims = {
  readonly store: string;
  readonly key: string;
  /** Epoch seconds. */
  readonly expires: number;
} & (
  | {
      readonly method: 'PUT';
      readonly multipartId: string;
      readonly partNumber: number;
      readonly size: number;
      readonly checksum?: Checksum;
    }
  | { readonly method: 'GET'; readonly disposition?: string }
);

export type SignedStoreUrl =
  | { readonly ok: true; readonly claims: StoreUrlClaims }
  | { readonly ok: false; readonly reason: 'invalid' | 'expired' };

const CHECKSUM = /^(sha256|crc32c?):([A-Za-z0-9+/]+={0,2})$/;
const NAMES = new Set(['multipart', 'part', 'size', 'checksum', 'disposition', 'expires', 'signature']);

/** HMAC-SHA256 over a JSON array, which can't be read in two ways as a joined string could. */
function signatureOf(claims: StoreUrlClaims, signingKey: string): Buffer {
  const rest =
    claims.method === 'PUT'
      ? [
          claims.multipartId,
          claims.partNumber,
          claims.size,
          claims.checksum?.algorithm ?? '',
          claims.checksum?.value ?? '',
        ]
      : [claims.disposition ?? ''];
  return createHmac('sha256', signingKey)
    .update(JSON.stringify(['kinora-store-1', claims.method, claims.store, claims.key, claims.expires, ...rest]))
    .digest();
}

/** `{publicUrl}/store/{store}/{key}?…&signature=…` for the data plane ({@link storeDataPlane}). */
export function signStoreUrl(publicUrl: string, claims: StoreUrlClaims, signingKey: string): string {
  if (signingKey.length < 32) throw new Error('the signing key of the store is missing or too short');
  const query = new URLSearchParams();
  if (claims.method === 'PUT') {
    query.set('multipart', claims.multipartId);
    query.set('part', String(claims.partNumber));
    query.set('size', String(claims.size));
    if (claims.checksum) query.set('checksum', `${claims.checksum.algorithm}:${claims.checksum.value}`);
  } else if (claims.disposition !== undefined) query.set('disposition', claims.disposition);
  query.set('expires', String(claims.expires));
  query.set('signature', signatureOf(claims, signingKey).toString('base64url'));
  return `${publicUrl.replace(/\/$/, '')}/store/${claims.store}/${assertKey(claims.key)}?${query.toString()}`;
}

/**
 * Checks a request's method and raw target (`/store/…?…`). Never throws, whatever the input. HEAD counts as GET.
 * @param now epoch milliseconds
 */
export function verifyStoreUrl(
  request: { method: string; target: string },
  signingKey: string,
  now: number,
): SignedStoreUrl {
  const claims = read(request);
  if (!claims) return { ok: false, reason: 'invalid' };
  const given = Buffer.from(claims.signature, 'base64url');
  const right = signatureOf(claims.claims, signingKey);
  // The text too: base64url spells the last character in several ways.
  const same =
    given.length === right.length && timingSafeEqual(given, right) && right.toString('base64url') === claims.signature;
  if (!same) return { ok: false, reason: 'invalid' };
  return claims.claims.expires * 1000 <= now ? { ok: false, reason: 'expired' } : { ok: true, claims: claims.claims };
}

const whole = (text: string | undefined): number =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;

function read({
  method,
  target,
}: {
  method: string;
  target: string;
}): { claims: StoreUrlClaims; signature: string } | undefined {
  const match = /^\/store\/([a-z]{1,32})\/([^?#]{1,900})\?([^#]*)$/.exec(target);
  const [, store, key, rawQuery] = match ?? [];
  if (store === undefined || key === undefined || rawQuery === undefined) return undefined;
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQuery)) {
    if (!NAMES.has(name) || query.has(name)) return undefined; // a parameter twice is read differently by different readers
    query.set(name, value);
  }
  try {
    assertKey(key);
  } catch {
    return undefined;
  }
  const expires = whole(query.get('expires'));
  const signature = query.get('signature');
  if (Number.isNaN(expires) || signature === undefined || !/^[\w-]{43}$/.test(signature)) return undefined;
  if (method === 'GET' || method === 'HEAD') {
    if (query.has('multipart') || query.has('part') || query.has('size') || query.has('checksum')) return undefined;
    const disposition = query.get('disposition');
    return {
      claims: { store, key, expires, method: 'GET', ...(disposition !== undefined && { disposition }) },
      signature,
    };
  }
  const multipartId = query.get('multipart');
  const [partNumber, size] = [whole(query.get('part')), whole(query.get('size'))];
  if (
    method !== 'PUT' ||
    multipartId === undefined ||
    Number.isNaN(partNumber) ||
    Number.isNaN(size) ||
    query.has('disposition')
  )
    return undefined;
  const checksum = query.get('checksum');
  const [, algorithm, value] = CHECKSUM.exec(checksum ?? '') ?? [];
  if (checksum !== undefined && value === undefined) return undefined;
  const proof = value !== undefined && { checksum: { algorithm: algorithm as Checksum['algorithm'], value } };
  return { claims: { store, key, expires, method: 'PUT', multipartId, partNumber, size, ...proof }, signature };
}
