import { createECDH, createHash, createHmac, createPrivateKey, type KeyObject, sign } from 'node:crypto';

/**
 * AWS Signature Version 4A: requests to services that have no region of their own, which the key value store of
 * CloudFront is. The SDK's own implementation is a package apart, or native code; this is all that the store needs of it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface SignableRequest {
  readonly method: string;
  /** Percent-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>> | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const ALGORITHM = 'AWS4-ECDSA-P256-SHA256';
const CURVE = 'prime256v1';
/** Order of the curve P-256. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
/** Headers that a proxy may change, or that are made after signing. */
const UNSIGNED = new Set([
  'authorization',
  'connection',
  'expect',
  'transfer-encoding',
  'user-agent',
  'x-amzn-trace-id',
]);

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** The signing key that both sides derive from the secret: counter-mode HMAC (NIST SP 800-108) until it falls within the curve's order. */
export function deriveKey({ accessKeyId, secretAccessKey }: Credentials): KeyObject {
  for (let counter = 1; counter < 255; counter += 1) {
    const input = Buffer.concat([
      Buffer.from([0, 0, 0, 1]),
      Buffer.from(`${ALGORITHM}\0${accessKeyId}`),
      Buffer.from([counter]),
      Buffer.from([0, 0, 1, 0]),
    ]);
    const candidate = BigInt(`0x${createHmac('sha256', `AWS4A${secretAccessKey}`).update(input).digest('hex')}`);
    if (candidate > ORDER - 2n) continue;
    const scalar = Buffer.from((candidate + 1n).toString(16).padStart(64, '0'), 'hex');
    const curve = createECDH(CURVE);
    curve.setPrivateKey(scalar);
    const point = curve.getPublicKey();
    const [x, y] = [point.subarray(1, 33), point.subarray(33)] as const;
    const parts = { d: scalar.toString('base64url'), x: x.toString('base64url'), y: y.toString('base64url') };
    return createPrivateKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', ...parts } });
  }
  throw new Error('no SigV4A key can be derived from these credentials');
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** The request as both sides write it down: path encoded once more, query and headers in order. */
function canonical({ method, path, query = {} }: SignableRequest, headers: Map<string, string>, hash: string): string {
  const pairs = Object.entries(query)
    .flatMap(([name, value]) => [value ?? ''].flat().map((one) => `${encode(name)}=${encode(one)}`))
    .sort();
  const lines = [...headers].map(([name, value]) => `${name}:${value.trim().replace(/\s+/g, ' ')}\n`);
  return [
    method,
    path.split('/').map(encode).join('/'),
    pairs.join('&'),
    lines.join(''),
    [...headers.keys()].join(';'),
    hash,
  ].join('\n');
}

/** What is signed, and the headers of the request with those that signing adds. */
export function prepare(request: SignableRequest, service: string, credentials: Credentials, date: Date) {
  const stamp = `${date.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const { body } = request;
  const hash = sha256(typeof body === 'string' || body instanceof Uint8Array ? body : '');
  const headers: Record<string, string> = {
    ...request.headers,
    'x-amz-date': stamp,
    'x-amz-region-set': '*',
    'x-amz-content-sha256': hash,
    ...(credentials.sessionToken !== undefined && { 'x-amz-security-token': credentials.sessionToken }),
  };
  const signed = new Map(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => !UNSIGNED.has(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const scope = `${stamp.slice(0, 8)}/${service}/aws4_request`;
  return {
    headers,
    text: [ALGORITHM, stamp, scope, sha256(canonical(request, signed, hash))].join('\n'),
    authorization: (signature: string): string =>
      `${ALGORITHM} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${[...signed.keys()].join(';')}, Signature=${signature}`,
  };
}

/** A signer for an SDK client: signs for all regions, with the credentials of the moment. */
export function createSigV4aSigner(service: string, credentials: () => Promise<Credentials>) {
  let known: { id: string; key: KeyObject } | undefined;
  return {
    async sign<R extends SignableRequest>(request: R, { signingDate }: { signingDate?: Date | string | number } = {}) {
      const current = await credentials();
      const id = `${current.accessKeyId}:${current.secretAccessKey}`;
      if (known?.id !== id) known = { id, key: deriveKey(current) };
      const { headers, text, authorization } = prepare(request, service, current, new Date(signingDate ?? Date.now()));
      const signature = sign('sha256', Buffer.from(text), known.key).toString('hex');
      return Object.assign(request, { headers: { ...headers, authorization: authorization(signature) } });
    },
  };
}
