import { type KeyObject, createPrivateKey, sign } from 'node:crypto';
import { encode } from './base64';
import { type Policy, policyJson } from './policy';
import { type HashAlgorithm } from './verification-keys';

/** A key whose public half CloudFront (or edge) knows under `keyId`. RSA, or ECDSA P-256. */
export interface SigningKey {
  readonly keyId: string;
  readonly privateKey: KeyObject;
  /** SHA1 is CloudFront's default, and is then not named in the URL. */
  readonly hash: HashAlgorithm;
}

/** Reads a PEM private key. @throws Error if it is neither RSA nor EC. */
export function signingKey(keyId: string, pem: string, hash: HashAlgorithm = 'SHA256'): SigningKey {
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== 'rsa' && privateKey.asymmetricKeyType !== 'ec')
    throw new Error('a CloudFront key is RSA or EC');
  return { keyId, privateKey, hash };
}

const isCanned = (policy: Policy): boolean => policy.dateGreaterThan === undefined && policy.sourceIp === undefined;

function parts(policy: Policy, key: SigningKey, canned: boolean): (readonly [string, string])[] {
  const json = policyJson(policy);
  return [
    canned ? ['Expires', String(policy.dateLessThan)] : ['Policy', encode(Buffer.from(json))],
    ['Signature', encode(sign(key.hash, Buffer.from(json), key.privateKey))],
    ['Key-Pair-Id', key.keyId],
    ...(key.hash === 'SHA1' ? [] : [['Hash-Algorithm', key.hash] as const]),
  ];
}

/**
 * A signed URL. With no `resource` and only an expiry it is a canned policy (shorter, this URL alone); otherwise a custom
 * one. `url` must already be percent-encoded: its bytes are what is signed.
 */
export function signUrl(
  url: string,
  policy: Omit<Policy, 'resource'> & { readonly resource?: string },
  key: SigningKey,
): string {
  const canned = policy.resource === undefined && isCanned({ ...policy, resource: url });
  const query = parts({ ...policy, resource: policy.resource ?? url }, key, canned).map(
    ([name, value]) => `${name}=${value}`,
  );
  return `${url}${url.includes('?') ? '&' : '?'}${query.join('&')}`;
}

/** Names and values of the signed cookies. A wildcard in `resource` needs a custom policy, so that is what is made of one. */
export function signCookies(policy: Policy, key: SigningKey): Record<`CloudFront-${string}`, string> {
  const canned = isCanned(policy) && !/[*?]/.test(policy.resource);
  return Object.fromEntries(parts(policy, key, canned).map(([name, value]) => [`CloudFront-${name}`, value]));
}
