import { Role } from '@kinora/contracts-common';
import { readJson, writeJson } from './data-folder';

export interface Pool {
  userPoolId: string;
  clientId: string;
}

export interface CognitoSetUp {
  endpoint: string;
  /** Remembers the pool between runs. */
  file: string;
  demo: { email: string; password: string };
}

class CognitoError extends Error {
  override name = 'CognitoError';
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(`${type}: ${message}`);
  }
}

/**
 * One call of the Cognito API (JSON 1.1). Not through the SDK: that would be a tenth of what the whole platform needs in memory, for
 * ten calls to a server that checks no signature.
 */
async function call<T>(endpoint: string, operation: string, body: object): Promise<T> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await answer.text();
  const json = (text === '' ? {} : JSON.parse(text)) as T & { __type?: string; message?: string };
  if (!answer.ok) throw new CognitoError(json.__type ?? `HTTP ${answer.status}`, `${operation}: ${json.message ?? ''}`);
  return json;
}

/** Makes the user pool as Terraform does in AWS (client, one group per role), and the demo user, an admin. Safe to repeat. */
export async function setUpCognito({ endpoint, file, demo }: CognitoSetUp): Promise<Pool> {
  const pool = (await knownPool(endpoint, file)) ?? (await createPool(endpoint));
  writeJson(file, pool);
  const { userPoolId: UserPoolId } = pool;
  await call(endpoint, 'SetUserPoolMfaConfig', {
    UserPoolId,
    MfaConfiguration: 'OPTIONAL',
    SoftwareTokenMfaConfiguration: { Enabled: true },
  });
  const user = { UserPoolId, Username: demo.email };
  for (const GroupName of Role.options) {
    await call(endpoint, 'CreateGroup', { UserPoolId, GroupName }).catch(unless('GroupExistsException'));
  }
  const UserAttributes = [
    { Name: 'email', Value: demo.email },
    { Name: 'email_verified', Value: 'true' },
    { Name: 'name', Value: 'Demo' },
  ];
  await call(endpoint, 'AdminCreateUser', { ...user, UserAttributes, MessageAction: 'SUPPRESS' }).catch(
    unless('UsernameExistsException'),
  );
  // The newest KINORA_DEMO_PASSWORD counts, not the first one.
  await call(endpoint, 'AdminSetUserPassword', { ...user, Password: demo.password, Permanent: true });
  for (const GroupName of Role.options) await call(endpoint, 'AdminAddUserToGroup', { ...user, GroupName });
  return pool;
}

async function knownPool(endpoint: string, file: string): Promise<Pool | undefined> {
  const pool = readJson<Pool>(file);
  if (!pool) return undefined;
  const known = await call(endpoint, 'DescribeUserPool', { UserPoolId: pool.userPoolId }).catch(
    unless('ResourceNotFoundException'),
  );
  return known ? pool : undefined;
}

async function createPool(endpoint: string): Promise<Pool> {
  const { UserPool } = await call<{ UserPool: { Id: string } }>(endpoint, 'CreateUserPool', {
    PoolName: 'kinora',
    UsernameAttributes: ['email'],
    AutoVerifiedAttributes: ['email'],
  });
  const { UserPoolClient } = await call<{ UserPoolClient: { ClientId: string } }>(endpoint, 'CreateUserPoolClient', {
    UserPoolId: UserPool.Id,
    ClientName: 'kinora',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    AccessTokenValidity: 60,
    TokenValidityUnits: { AccessToken: 'minutes' },
  });
  return { userPoolId: UserPool.Id, clientId: UserPoolClient.ClientId };
}

const unless = (expected: string) => (error: unknown) => {
  if (!(error instanceof CognitoError) || error.type !== expected) throw error;
  return undefined;
};
