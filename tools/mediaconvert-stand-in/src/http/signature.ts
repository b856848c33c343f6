import { type IncomingHttpHeaders } from 'node:http';
import { ServiceError } from '../errors';

const HEADER =
  /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=[0-9a-f]{64}$/;

/** Whether a request is signed as Signature Version 4 has it, for this region and service. Keys are anybody's: the signature itself is not checked. */
export function assertSigned(headers: IncomingHttpHeaders, region: string, service: string): void {
  const found = HEADER.exec(headers.authorization ?? '');
  if (!found || headers['x-amz-date'] === undefined)
    throw new ServiceError(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
  const [, forRegion, forService, signed = ''] = found;
  if (forRegion !== region || forService !== service || !signed.split(';').includes('host'))
    throw new ServiceError(403, 'InvalidSignatureException', `Credential should be scoped to ${region} and ${service}`);
}
