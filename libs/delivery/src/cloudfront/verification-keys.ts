import { type KeyObject, createPublicKey } from 'node:crypto';

export type HashAlgorithm = 'SHA1' | 'SHA256';

/** Public keys by id, each with the hashes it may be used with: the client names one, the key's owner decides. */
export type VerificationKeys = ReadonlyMap<
  string,
  { readonly publicKey: KeyObject; readonly hashes: ReadonlySet<HashAlgorithm> }
>;

const isHash = (value: unknown): value is HashAlgorithm => value === 'SHA1' || value === 'SHA256';

/**
 * Reads `CLOUDFRONT_KEYS`: JSON `{"KEYID": {"publicKey": "PEM", "hash": ["SHA1","SHA256"]}, …}`. Keys are parsed here,
 * once: verifying with a PEM string costs six times as much. @throws Error that says what is wrong.
 */
export function parseVerificationKeys(json: string): VerificationKeys {
  const keys = new Map<string, { publicKey: KeyObject; hashes: Set<HashAlgorithm> }>();
  for (const [keyId, value] of Object.entries(
    JSON.parse(json) as Record<string, { publicKey?: unknown; hash?: unknown } | null>,
  )) {
    const hashes: unknown[] = Array.isArray(value?.hash) ? value.hash : [];
    if (!/^[A-Za-z0-9-]{1,64}$/.test(keyId)) throw new Error(`not a CloudFront key id: ${keyId.slice(0, 64)}`);
    if (typeof value?.publicKey !== 'string') throw new Error(`CloudFront key ${keyId} lacks publicKey`);
    if (hashes.length === 0 || !hashes.every(isHash))
      throw new Error(`CloudFront key ${keyId}: hash must be a list of SHA1 and SHA256`);
    const publicKey = createPublicKey(value.publicKey);
    if (publicKey.asymmetricKeyType !== 'rsa' && publicKey.asymmetricKeyType !== 'ec')
      throw new Error(`CloudFront key ${keyId} is neither RSA nor EC`);
    keys.set(keyId, { publicKey, hashes: new Set(hashes) });
  }
  return keys;
}
