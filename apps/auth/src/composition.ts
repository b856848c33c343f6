import { HOSTED } from '@kinora/contracts-auth';
import { createDatabase, createIdempotencyStore, measurePools, prepareSchema } from '@kinora/database';
import {
  type Base,
  type Listening,
  cognitoIssuer,
  cognitoKeys,
  createAuthenticator,
  createIdempotency,
  createSecretBox,
  sealIdempotency,
} from '@kinora/service';
import { createLocalJWKSet } from 'jose';
import { migrations } from '../migrations';
import { createCognitoClient } from './adapters/cognito/cognito-client';
import { createCognitoHosted } from './adapters/cognito/cognito-hosted';
import { createCognitoIdentity } from './adapters/cognito/cognito-identity';
import { createServiceSigner } from './adapters/jose/service-signer';
import { createApiKeyRepository } from './adapters/postgres/api-key-repository';
import { createEndedSessionRepository } from './adapters/postgres/ended-session-repository';
import { createUserRepository } from './adapters/postgres/user-repository';
import { createRateLimits } from './adapters/redis/rate-limits';
import { createSealed } from './adapters/secret-box/sealed';
import { createAuthApp } from './app';
import { type AuthConfig } from './config';
import { createApiKeys } from './domain/api-keys';
import { createHostedSignIn } from './domain/hosted-sign-in';
import { createMfa } from './domain/mfa';
import { createPeople } from './domain/people';
import { createServiceCredentials } from './domain/service-credentials';
import { createSessions } from './domain/sessions';
import { endedSessions } from './routes/internal.routes';
import { createRefreshCookie } from './routes/refresh-cookie';
import { createReplies } from './routes/replies';

/** Builds the service from its configuration. */
export async function compose(base: Base, config: AuthConfig): Promise<Listening> {
  const { lifecycle, logger, metrics } = base;
  const onMishap = (err: unknown, what?: string): void => logger.warn({ err, what }, 'went on without it');

  const db = createDatabase({ settings: config, schema: 'auth' });
  lifecycle.onStop('connections', 'database', () => db.close());
  measurePools(db, metrics);
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
    clientSecret: config.COGNITO_CLIENT_SECRET,
    metrics,
  });

  // Boxes for what leaves the service and must come back as it was; their keys are derived from one that auth has anyway.
  const master = config.SERVICE_TOKEN_PRIVATE_KEY.export({ type: 'pkcs8', format: 'der' });
  const box = (use: string) => createSecretBox(master, use);

  const users = createUserRepository(db.writer);
  const sessions = createSessions({ provider, users, ended: createEndedSessionRepository(db) });
  const people = createPeople({
    provider,
    users,
    sessions,
    // As long as Cognito's own sessions live, unless its app client says otherwise.
    challenges: createSealed(box('kinora sign-in'), 'challenge', 180),
    signUpRole: config.SIGNUP_ROLE,
    onMishap,
  });
  const mfa = createMfa({ provider, mfa: provider.mfa, users, issuer: new URL(config.KINORA_PUBLIC_URL).hostname });
  const apiKeys = createApiKeys({ keys: createApiKeyRepository(db.writer), users, provider, onMishap });
  const signer = await createServiceSigner(config.SERVICE_TOKEN_PRIVATE_KEY);
  const credentials = createServiceCredentials(config.SERVICE_SECRETS, signer);

  const settings = { ...config, KINORA_AUTH_URL: config.KINORA_PUBLIC_URL };
  const authenticator = createAuthenticator({
    settings,
    local: {
      serviceKeys: createLocalJWKSet(signer.publicKeys),
      verifyApiKey: (secret) => apiKeys.verify(secret),
      endedSessions: endedSessions(sessions),
    },
  });
  const pages =
    config.COGNITO_DOMAIN === undefined
      ? undefined
      : createCognitoHosted({
          domain: config.COGNITO_DOMAIN,
          clientId: config.COGNITO_CLIENT_ID,
          clientSecret: config.COGNITO_CLIENT_SECRET,
          redirectUri: `${config.KINORA_PUBLIC_URL}${HOSTED.callback}`,
          issuer: cognitoIssuer(settings),
          keys: cognitoKeys(settings),
          authenticator,
          metrics,
        });

  const cookie = createRefreshCookie({ publicUrl: config.KINORA_PUBLIC_URL, days: config.REFRESH_COOKIE_DAYS });
  // The answer to creating an API key holds its secret.
  const store = sealIdempotency(createIdempotencyStore(db.writer), box('kinora idempotency'));
  const app = createAuthApp(base, {
    people,
    sessions,
    mfa,
    hosted: pages && createHostedSignIn({ pages, admit: people.admit }),
    journeys: createSealed(box('kinora journey'), 'journey', 600),
    publicUrl: config.KINORA_PUBLIC_URL,
    apiKeys,
    credentials,
    signer,
    cookie,
    replies: createReplies(cookie),
    limit: limits.on,
    mounting: { authenticator, idempotency: createIdempotency(store) },
  });
  return { app, port: config.PORT, host: config.HOST };
}
