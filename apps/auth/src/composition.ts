import { createDatabase, createIdempotencyStore, prepareSchema } from '@kinora/database';
import {
  type Base,
  type Listening,
  createAuthenticator,
  createIdempotency,
  createSecretBox,
  sealIdempotency,
} from '@kinora/service';
import { createLocalJWKSet } from 'jose';
import { migrations } from '../migrations';
import { createCognitoClient } from './adapters/cognito/cognito-client';
import { createCognitoIdentity } from './adapters/cognito/cognito-identity';
import { createServiceSigner } from './adapters/jose/service-signer';
import { createApiKeyRepository } from './adapters/postgres/api-key-repository';
import { createUserRepository } from './adapters/postgres/user-repository';
import { createRateLimits } from './adapters/redis/rate-limits';
import { createAuthApp } from './app';
import { type AuthConfig } from './config';
import { createApiKeys } from './domain/api-keys';
import { createPeople } from './domain/people';
import { createServiceCredentials } from './domain/service-credentials';
import { createRefreshCookie } from './routes/refresh-cookie';

/** Builds the service from its configuration. */
export async function compose(base: Base, config: AuthConfig): Promise<Listening> {
  const { lifecycle, logger, metrics } = base;
  const onMishap = (err: unknown, what?: string): void => logger.warn({ err, what }, 'went on without it');

  const db = createDatabase({ settings: config, schema: 'auth' });
  lifecycle.onStop('connections', 'database', () => db.close());
  lifecycle.addCheck('database', () => db.ping());
  await prepareSchema(db, migrations, config);

  const limits = createRateLimits({
    redisUrl: config.REDIS_URL,
    windowSeconds: config.RATE_LIMIT_WINDOW_SECONDS,
    perIp: config.RATE_LIMIT_PER_IP,
    perEmail: config.RATE_LIMIT_PER_EMAIL,
    onMishap,
  });
  lifecycle.onStop('connections', 'redis', () => limits.close());
  lifecycle.addCheck('redis', () => limits.ping());

  const client = createCognitoClient(config.COGNITO_REGION, config.COGNITO_ENDPOINT);
  lifecycle.onStop('connections', 'cognito', () => client.destroy());
  const provider = createCognitoIdentity({
    client,
    userPoolId: config.COGNITO_USER_POOL_ID,
    clientId: config.COGNITO_CLIENT_ID,
    metrics,
  });

  const users = createUserRepository(db.writer);
  const people = createPeople({ provider, users, signUpRole: config.SIGNUP_ROLE, onMishap });
  const apiKeys = createApiKeys({ keys: createApiKeyRepository(db.writer), users, provider, onMishap });
  const signer = await createServiceSigner(config.SERVICE_TOKEN_PRIVATE_KEY);
  const credentials = createServiceCredentials(config.SERVICE_SECRETS, signer);

  const authenticator = createAuthenticator({
    settings: { ...config, KINORA_AUTH_URL: config.KINORA_PUBLIC_URL },
    local: { serviceKeys: createLocalJWKSet(signer.publicKeys), verifyApiKey: (secret) => apiKeys.verify(secret) },
  });
  // The answer to creating an API key holds its secret. The box's key is derived from one that auth has anyway.
  const master = config.SERVICE_TOKEN_PRIVATE_KEY.export({ type: 'pkcs8', format: 'der' });
  const store = sealIdempotency(createIdempotencyStore(db.writer), createSecretBox(master, 'kinora idempotency'));
  const app = createAuthApp(base, {
    people,
    apiKeys,
    credentials,
    signer,
    cookie: createRefreshCookie({ publicUrl: config.KINORA_PUBLIC_URL, days: config.REFRESH_COOKIE_DAYS }),
    limit: (operation, options) => limits.on(operation, options),
    mounting: { authenticator, idempotency: createIdempotency(store) },
  });
  return { app, port: config.PORT, host: config.HOST };
}
