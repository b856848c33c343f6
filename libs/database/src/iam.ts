import { type Signer } from '@aws-sdk/rds-signer';

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/**
 * Passwords for RDS's IAM authentication, a new one with every call: signed here, with the credentials of the SDK's default chain, without
 * asking anybody. The SDK is loaded by the first one.
 */
export function createTokens({ host, port, user }: Target): () => Promise<string> {
  let signer: Promise<Signer> | undefined;
  const load = async (): Promise<Signer> => {
    const { Signer: RdsSigner } = await import('@aws-sdk/rds-signer');
    return new RdsSigner({ hostname: host, port, username: user });
  };
  return async () => (await (signer ??= load())).getAuthToken();
}
