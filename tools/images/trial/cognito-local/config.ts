import { ConfigError, loadConfig } from '@kinora/service';
import { z } from 'zod';

const shape = {
  PORT: z.coerce.number().int().min(0).max(65_535).default(9229),
  HOST: z.string().default('127.0.0.1'),
  /** The folder that users are kept in. */
  DATA_DIR: z.string().default('/data'),
  /** The pool and its client: made under these names, so that the services can be told them before anything runs. */
  COGNITO_USER_POOL_ID: z.string().regex(/^[\w-]+_\w+$/, 'is a region, an underscore and a name'),
  COGNITO_CLIENT_ID: z.string().regex(/^\w+$/),
  /** What the services expect in tokens: where they reach this server, and the pool. */
  COGNITO_ISSUER: z.url(),
  /** The first user, an admin. */
  DEMO_EMAIL: z.email().default('demo@kinora.local'),
  DEMO_PASSWORD: z.string().min(8),
};

/** Settings of the trial's Cognito; throws with every problem at once. */
export function readConfig() {
  const config = loadConfig(shape);
  const pool = `/${config.COGNITO_USER_POOL_ID}`;
  if (!config.COGNITO_ISSUER.endsWith(pool)) throw new ConfigError(`COGNITO_ISSUER must end in ${pool}`);
  return { ...config, issuerDomain: config.COGNITO_ISSUER.slice(0, -pool.length) };
}
export type CognitoLocalConfig = ReturnType<typeof readConfig>;
