import { type BackEnds } from './back-ends';
import { type Secrets } from './secrets';
import { type ServiceName } from './services';

export interface Wiring {
  publicUrl: string;
  ports: Record<ServiceName, number>;
  backEnds: Pick<BackEnds, 'databaseUrl' | 'redisUrl' | 'dynamoUrl' | 'cognito'>;
  secrets: Secrets;
  /** The folder of the disk stores. */
  storeRoot: string;
  /** The built single-page application. */
  webRoot: string;
}

type Variables = Record<string, string>;

/**
 * The environment of every service: the one place where this platform is wired, as a Helm chart's values are for a cluster.
 * A service gets what it needs and nothing else; secrets of others least of all.
 */
export function environments({
  publicUrl,
  ports,
  backEnds,
  secrets,
  storeRoot,
  webRoot,
}: Wiring): Record<ServiceName, Variables> {
  const at = (name: ServiceName) => `http://127.0.0.1:${ports[name]}`;
  const listening = (name: ServiceName): Variables => ({
    PORT: String(ports[name]),
    HOST: '127.0.0.1',
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'info',
    KINORA_PUBLIC_URL: publicUrl,
  });
  const database: Variables = { DATABASE_URL: backEnds.databaseUrl };
  const redis: Variables = { REDIS_URL: backEnds.redisUrl };
  const cognito: Variables = {
    COGNITO_REGION: 'us-east-1',
    COGNITO_USER_POOL_ID: backEnds.cognito.userPoolId,
    COGNITO_CLIENT_ID: backEnds.cognito.clientId,
    COGNITO_ENDPOINT: backEnds.cognito.endpoint,
    COGNITO_ISSUER: backEnds.cognito.issuer,
  };
  // The emulators ask for credentials, whatever they are.
  const aws: Variables = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
  /** How a service shows itself to the others, and how it knows people. */
  const credential = (name: ServiceName): Variables => ({
    KINORA_AUTH_URL: at('auth'),
    KINORA_SERVICE_SECRET: secrets.services[name],
  });
  const identity = (name: ServiceName): Variables => ({ ...cognito, ...credential(name) });
  const store: Variables = {
    STORAGE_DRIVER: 'disk',
    STORAGE_DISK_ROOT: storeRoot,
    STORAGE_SIGNING_KEY: secrets.storageSigningKey,
  };
  const grants: Variables = { GRANT_KEYS: JSON.stringify(secrets.grantKeys) };
  const { keyId, privateKey, publicKey } = secrets.cloudFront;

  return {
    auth: {
      ...{ ...listening('auth'), ...database, ...redis, ...cognito, ...aws },
      SERVICE_SECRETS: JSON.stringify(secrets.services),
      SERVICE_TOKEN_PRIVATE_KEY: secrets.serviceTokenKey,
    },
    upload: {
      ...{ ...listening('upload'), ...database, ...redis, ...identity('upload'), ...store },
      KINORA_CATALOG_URL: at('catalog'),
    },
    transcode: {
      ...{ ...listening('transcode'), ...database, ...redis, ...identity('transcode'), ...store },
      KINORA_CATALOG_URL: at('catalog'),
    },
    encoder: {
      ...{ ...listening('encoder'), ...redis, ...credential('encoder'), ...store },
      KINORA_TRANSCODE_URL: at('transcode'),
    },
    catalog: {
      ...{ ...listening('catalog'), ...database, ...redis, ...identity('catalog'), ...grants },
      CLOUDFRONT_KEY_ID: keyId,
      CLOUDFRONT_PRIVATE_KEY: privateKey,
      SESSION_TOKEN_KEY: secrets.sessionTokenKey,
      WEBHOOK_SECRET_KEY: secrets.webhookKey,
      // Who tries webhooks on a laptop has the receiver there too.
      WEBHOOK_ALLOW_PRIVATE: 'true',
    },
    analytics: {
      ...{ ...listening('analytics'), ...redis, ...identity('analytics'), ...aws },
      KINORA_CATALOG_URL: at('catalog'),
      DYNAMODB_ENDPOINT: backEnds.dynamoUrl,
      DYNAMODB_TABLE: 'kinora-analytics',
      DYNAMODB_CREATE_TABLE: 'true',
      // Writes cost nothing here: numbers are shown at once.
      JOURNAL_WINDOW_MS: '50',
      SESSION_GATHER_MS: '1000',
      SESSION_TOKEN_KEY: secrets.sessionTokenKey,
    },
    edge: {
      ...{ ...listening('edge'), ...credential('edge'), ...store, ...grants },
      KINORA_CATALOG_URL: at('catalog'),
      CLOUDFRONT_KEYS: JSON.stringify({ [keyId]: { publicKey, hash: ['SHA1', 'SHA256'] } }),
    },
    web: { ...listening('web'), WEB_ROOT: webRoot },
  };
}
