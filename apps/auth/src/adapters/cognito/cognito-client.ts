import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';

/** The SDK's client, with the credentials of its default chain. */
export const createCognitoClient = (region: string, endpoint?: string): CognitoIdentityProviderClient =>
  new CognitoIdentityProviderClient({
    region,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000 },
    ...(endpoint !== undefined && { endpoint }),
  });
