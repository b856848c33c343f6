import { DomainError } from '@kinora/contracts-common';
import { createHash, timingSafeEqual } from 'node:crypto';

/** Signs short-lived tokens that services show each other. */
export interface ServiceTokenSigner {
  sign(service: string): Promise<{ token: string; expiresIn: number }>;
  /** JWK Set with the public keys. */
  readonly publicKeys: { keys: Record<string, unknown>[] };
}

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Exchanges a service's secret for a token. Unknown services and wrong secrets look, and take, the same. */
export function createServiceCredentials(secrets: Readonly<Record<string, string>>, signer: ServiceTokenSigner) {
  const hashes = new Map(Object.entries(secrets).map(([service, secret]) => [service, hashOf(secret)]));
  const nobody = hashOf('');
  return {
    /** @throws `auth.credentials_wrong` */
    async issue(service: string, secret: string): Promise<{ token: string; expiresIn: number }> {
      const expected = hashes.get(service);
      if (!timingSafeEqual(hashOf(secret), expected ?? nobody) || !expected)
        throw new DomainError('unauthenticated', 'auth.credentials_wrong', 'The service or its secret is wrong.');
      return signer.sign(service);
    },
  };
}

export type ServiceCredentials = ReturnType<typeof createServiceCredentials>;
