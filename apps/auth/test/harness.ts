import {
  AdminAddUserToGroupCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { type Tokens, apiKeysContract, authContract, authInternalContract } from '@kinora/contracts-auth';
import { createClient } from '@kinora/contracts-common';
import { createBase, listen } from '@kinora/service';
import {
  type CognitoServer,
  type RedisServer,
  type TestDatabase,
  testCognito,
  testDatabase,
  testRedis,
} from '@kinora/testing';
import { generateKeyPairSync } from 'node:crypto';
import { compose } from '../src/composition';
import { readConfig } from '../src/config';

export const SERVICE_SECRET = 'the-secret-of-the-upload-service';
export const PASSWORD = 'Correct-Horse-1';

/** A pool without any group, on a cognito-local of its own. */
async function createPool(server: CognitoServer) {
  const admin = new CognitoIdentityProviderClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const pool = await admin.send(
    new CreateUserPoolCommand({ PoolName: 'p', UsernameAttributes: ['email'], AutoVerifiedAttributes: ['email'] }),
  );
  const UserPoolId = pool.UserPool?.Id ?? '';
  const app = await admin.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'c' }));
  return { admin, UserPoolId, ClientId: app.UserPoolClient?.ClientId ?? '' };
}

export type Harness = Awaited<ReturnType<typeof startAuth>>;

/** The service as it runs in production, on real back ends. */
export async function startAuth(extra: Record<string, string> = {}) {
  const [database, redis, cognito]: [TestDatabase, RedisServer, CognitoServer] = await Promise.all([
    testDatabase(),
    testRedis(),
    testCognito(),
  ]);
  const { admin, UserPoolId, ClientId } = await createPool(cognito);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const environment = {
    PORT: '0',
    KINORA_PUBLIC_URL: 'http://localhost:8080',
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    COGNITO_USER_POOL_ID: UserPoolId,
    COGNITO_CLIENT_ID: ClientId,
    COGNITO_ENDPOINT: cognito.url,
    COGNITO_ISSUER: `${cognito.issuerDomain}/${UserPoolId}`,
    SERVICE_SECRETS: JSON.stringify({ upload: SERVICE_SECRET }),
    SERVICE_TOKEN_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().replaceAll('\n', '\\n'),
    ...extra,
  };
  const base = createBase('auth', 'silent');
  const service = await listen(base, await compose(base, readConfig(environment)));
  const { url } = service;

  const as = (token?: string) => {
    const options = token === undefined ? {} : { headers: () => ({ authorization: `Bearer ${token}` }) };
    return {
      ...createClient(authContract, url, options),
      ...createClient(apiKeysContract, url, options),
      ...createClient(authInternalContract, url, options),
    };
  };
  const people = as();

  let adminGroup: Promise<unknown> | undefined;
  return {
    url,
    as,
    people,
    database,
    redis,
    cognito,
    environment,
    /** Signs up, confirms and signs in. */
    async person(email: string): Promise<Tokens> {
      await people.signUp({ body: { email, password: PASSWORD, displayName: 'Somebody' } });
      await people.confirm({ body: { email, code: await cognito.codeFor(email) } });
      return people.signIn({ body: { email, password: PASSWORD } });
    },
    async makeAdmin(email: string): Promise<Tokens> {
      adminGroup ??= admin.send(new CreateGroupCommand({ UserPoolId, GroupName: 'admin' }));
      await adminGroup;
      await admin.send(new AdminAddUserToGroupCommand({ UserPoolId, Username: email, GroupName: 'admin' }));
      return people.signIn({ body: { email, password: PASSWORD } });
    },
    admin,
    async stop() {
      await service.stop();
      admin.destroy();
      await Promise.all([database.drop(), redis.stop(), cognito.stop()]);
    },
  };
}

/** A body whose shape the test is about to look at. */
export const jsonOf = async (res: Response): Promise<Record<string, unknown>> =>
  (await res.json()) as Record<string, unknown>;

/** The status and code of a refused call. */
export const problem = (code: string, status: number) => expect.objectContaining({ code, status });
