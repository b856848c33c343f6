import { verify } from 'node:crypto';
import { decode } from './base64';
import { type Policy, type PolicyRefusal, parsePolicy, policyJson, refusalOf } from './policy';
import { type SignatureCache } from './signature-cache';
import { type HashAlgorithm, type VerificationKeys } from './verification-keys';

export interface SignedRequest {
  /** Absolute URL as the client sees it, percent-encoding untouched, e.g. `https://host/media/…?…`. */
  readonly url: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The viewer's address, for policies that name one. */
  readonly ip?: string | undefined;
}

export type SignatureRefusal =
  PolicyRefusal | 'unsigned' | 'malformed' | 'unknown_key' | 'wrong_algorithm' | 'bad_signature';
export type VerifiedSignature =
  { readonly ok: true; readonly policy: Policy } | { readonly ok: false; readonly reason: SignatureRefusal };

/** What a client sent, by CloudFront's names without `CloudFront-`. */
type Fields = ReadonlyMap<string, string>;

const NAMES = ['Expires', 'Policy', 'Signature', 'Key-Pair-Id', 'Hash-Algorithm'];
const refuse = (reason: SignatureRefusal): VerifiedSignature => ({ ok: false, reason });

/** Does the query carry any of a signed URL's parameters? Then cookies don't count. */
export const hasUrlSignature = (url: string): boolean =>
  /[?&](Expires|Policy|Signature|Key-Pair-Id|Hash-Algorithm)=/.test(url);

/** Verifies a signed URL, canned or custom. Never throws. `cache` is optional, and shared by all calls. */
export function verifySignedUrl(
  request: SignedRequest,
  keys: VerificationKeys,
  cache?: SignatureCache,
): VerifiedSignature {
  const cut = request.url.indexOf('?');
  const rest: string[] = [];
  const fields = new Map<string, string>();
  for (const pair of cut < 0 ? [] : request.url.slice(cut + 1).split('&')) {
    const equals = pair.indexOf('=');
    const name = equals < 0 ? pair : pair.slice(0, equals);
    if (!NAMES.includes(name)) rest.push(pair);
    else if (fields.has(name))
      return refuse('malformed'); // a parameter twice is read differently by different readers
    else fields.set(name, pair.slice(equals + 1));
  }
  // CloudFront takes its own parameters out before it compares or forwards the URL.
  const url = request.url.slice(0, cut < 0 ? undefined : cut) + (rest.length > 0 ? `?${rest.join('&')}` : '');
  return check(fields, { ...request, url }, keys, cache);
}

/** Verifies signed cookies. `cookies` are all values of each name: a name with two values is refused. Never throws. */
export function verifySignedCookies(
  cookies: ReadonlyMap<string, readonly string[]>,
  request: SignedRequest,
  keys: VerificationKeys,
  cache?: SignatureCache,
): VerifiedSignature {
  const fields = new Map<string, string>();
  for (const name of NAMES) {
    const values = cookies.get(`CloudFront-${name}`);
    if (values && values.length > 1) return refuse('malformed');
    if (values?.[0] !== undefined) fields.set(name, values[0]);
  }
  return check(fields, request, keys, cache);
}

function check(
  fields: Fields,
  request: SignedRequest,
  keys: VerificationKeys,
  cache: SignatureCache | undefined,
): VerifiedSignature {
  const [signature, keyId] = [fields.get('Signature'), fields.get('Key-Pair-Id')];
  if (fields.size === 0) return refuse('unsigned');
  if (signature === undefined || keyId === undefined || signature.length > 2048) return refuse('malformed');
  const key = keys.get(keyId);
  if (!key) return refuse('unknown_key');
  const hash = fields.get('Hash-Algorithm') ?? 'SHA1';
  if (!key.hashes.has(hash as HashAlgorithm)) return refuse('wrong_algorithm');
  const signed = signedPolicy(fields, request.url);
  if (signed === undefined) return refuse('malformed');

  const id = `${keyId}|${hash}|${signature}|${signed}`;
  let policy = cache?.get(id);
  if (!policy) {
    const bytes = decode(signature);
    if (!bytes) return refuse('malformed');
    if (!verify(hash, Buffer.from(signed), key.publicKey, bytes)) return refuse('bad_signature');
    policy = parsePolicy(signed);
    if (!policy) return refuse('malformed');
    cache?.set(id, policy);
  }
  // A canned policy names this very URL, in which `*` and `?` are themselves and match.
  const reason = refusalOf(policy, request);
  return reason ? refuse(reason) : { ok: true, policy };
}

/** The text that was signed: what a custom policy carries, or a canned policy rebuilt from the URL and `Expires`. */
function signedPolicy(fields: Fields, url: string): string | undefined {
  const [policy, expires] = [fields.get('Policy'), fields.get('Expires')];
  if ((policy === undefined) === (expires === undefined)) return undefined;
  if (policy !== undefined) return policy.length > 4096 ? undefined : decode(policy)?.toString('utf8');
  if (expires === undefined || !/^[1-9]\d{0,11}$/.test(expires)) return undefined;
  return policyJson({ resource: url, dateLessThan: Number(expires) });
}
