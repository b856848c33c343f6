import {
  AdminAddUserToGroupCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { type Tokens, apiKeysContract, authContract, authInternalContract, mfaContract } from '@kinora/contracts-auth';
import { ApiProblem, createClient } from '@kinora/contracts-common';
import { createBase, listen } from '@kinora/service';
import {
  type CognitoServer,
  type RedisServer,
  type TestDatabase,
  provideCredentials,
  testCognito,
  testDatabase,
  testRedis,
} from '@kinora/testing';
import { Secret, TOTP } from 'otpauth';
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
    new CreateUserPoolCommand({
      PoolName: 'p',
      UsernameAttributes: ['email'],
      AutoVerifiedAttributes: ['email'],
      MfaConfiguration: 'OPTIONAL',
    }),
  );
  const UserPoolId = pool.UserPool?.Id ?? '';
  const app = await admin.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'c' }));
  return { admin, UserPoolId, ClientId: app.UserPoolClient?.ClientId ?? '' };
}

export const PUBLIC_URL = 'http://localhost:8080';

/** The service with PostgreSQL and Redis of its own, on whatever user pool the environment names. */
export async function startService(pool: Record<string, string>) {
  const [database, redis]: [TestDatabase, RedisServer] = await Promise.all([testDatabase(), testRedis()]);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const environment = {
    PORT: '0',
    KINORA_PUBLIC_URL: PUBLIC_URL,
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    SERVICE_SECRETS: JSON.stringify({ upload: SERVICE_SECRET }),
    ...provideCredentials(),
    SERVICE_TOKEN_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().replaceAll('\n', '\\n'),
    ...pool,
  };
  const base = createBase('auth', 'silent');
  const service = await listen(base, await compose(base, readConfig(environment)));
  const { url } = service;

  const as = (token?: string) => {
    const options = token === undefined ? {} : { headers: () => ({ authorization: `Bearer ${token}` }) };
    return {
      ...createClient(authContract, url, options),
      ...createClient(mfaContract, url, options),
      ...createClient(apiKeysContract, url, options),
      ...createClient(authInternalContract, url, options),
    };
  };
  return {
    url,
    as,
    people: as(),
    database,
    redis,
    environment,
    async stop() {
      await service.stop();
      await Promise.all([database.drop(), redis.stop()]);
    },
  };
}

export type Harness = Awaited<ReturnType<typeof startAuth>>;

/** The service as it runs on a laptop. */
export async function startAuth(extra: Record<string, string> = {}) {
  const cognito = await testCognito();
  const { admin, UserPoolId, ClientId } = await createPool(cognito);
  const pool = {
    COGNITO_USER_POOL_ID: UserPoolId,
    COGNITO_CLIENT_ID: ClientId,
    COGNITO_ENDPOINT: cognito.url,
    COGNITO_ISSUER: `${cognito.issuerDomain}/${UserPoolId}`,
  };
  const service = await startService({ ...pool, ...extra });
  const { people } = service;

  let adminGroup: Promise<unknown> | undefined;
  return {
    ...service,
    environment: { ...service.environment, ...pool, ...extra },
    cognito,
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
      await cognito.stop();
    },
  };
}

/** An authenticator application. Codes of the neighbouring time steps are taken too, which lets a test have three that differ. */
export const authenticatorApp = (secret: string) => {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  return { code: (steps = 0) => totp.generate({ timestamp: Date.now() + steps * 30_000 }) };
};

/** The challenge that a refused sign-in carries. */
export async function challengeOf(signIn: Promise<unknown>): Promise<{ code: string; session: string }> {
  const error = await signIn.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiProblem)) throw new Error('the sign-in asked for nothing more', { cause: error });
  return { code: error.code, session: error.problem?.challenge?.session ?? '' };
}

/** A body whose shape the test is about to look at. */
export const jsonOf = async (res: Response): Promise<Record<string, unknown>> =>
  (await res.json()) as Record<string, unknown>;

/** The status and code of a refused call. */
export const problem = (code: string, status: number) => expect.objectContaining({ code, status });
