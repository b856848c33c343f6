import { SERVICE_AUDIENCE, SERVICE_ISSUER } from '@kinora/service';
import { SignJWT, calculateJwkThumbprint, exportJWK } from 'jose';
import { type KeyObject, createPublicKey } from 'node:crypto';
import { type ServiceTokenSigner } from '../../domain/service-credentials';

const LIFE_SECONDS = 600;

/** ES256 tokens; the key's id is its RFC 7638 thumbprint, so that replicas agree on it. */
export async function createServiceSigner(privateKey: KeyObject): Promise<ServiceTokenSigner> {
  const jwk = await exportJWK(createPublicKey(privateKey));
  const kid = await calculateJwkThumbprint(jwk);
  return {
    publicKeys: { keys: [{ ...jwk, kid, alg: 'ES256', use: 'sig' }] },
    sign: async (service) => ({
      token: await new SignJWT()
        .setProtectedHeader({ alg: 'ES256', kid, typ: 'JWT' })
        .setIssuer(SERVICE_ISSUER)
        .setAudience(SERVICE_AUDIENCE)
        .setSubject(service)
        .setIssuedAt()
        .setExpirationTime(`${LIFE_SECONDS}s`)
        .sign(privateKey),
      expiresIn: LIFE_SECONDS,
    }),
  };
}
