import { z } from 'zod';
import { environment, secretProblems } from './secrets';

/** All that is wrong with a configuration, one line per variable. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Settings of every service. */
export const baseShape = {
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  KINORA_PUBLIC_URL: z.url().transform((url) => url.replace(/\/+$/, '')),
};

export const databaseShape = {
  DATABASE_URL: z.url(),
  /** A read replica; the writer serves reads without one. */
  DATABASE_READER_URL: z.url().optional(),
  DATABASE_POOL_MAX: z.coerce.number().int().min(2).max(100).default(8),
};

export const redisShape = { REDIS_URL: z.url() };

/** How a service knows its callers, and shows itself to the others. */
export const authShape = {
  KINORA_AUTH_URL: z.url(),
  KINORA_SERVICE_SECRET: z.string().min(16),
  COGNITO_REGION: z.string().default('us-east-1'),
  COGNITO_USER_POOL_ID: z.string().min(1),
  COGNITO_CLIENT_ID: z.string().min(1),
  /** Another server that speaks the Cognito API; absent in AWS. */
  COGNITO_ENDPOINT: z.url().optional(),
  /** Issuer of the pool's tokens, when it is not AWS's own. */
  COGNITO_ISSUER: z.url().optional(),
};

/** Any variable may say `secretsmanager://{id or ARN}[#field]` instead of its value; see secrets.ts. */
export const secretsShape = {
  /** Another server that speaks the API of Secrets Manager; absent in AWS. */
  SECRETS_ENDPOINT: z.url().optional(),
  /** How often keys that are rotated are read again. */
  SECRETS_REFRESH_SECONDS: z.coerce.number().positive().max(3_600).default(300),
};

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a configuration from the environment, once, and freezes it. Empty variables count as absent.
 * @throws {ConfigError} naming every variable that is missing or wrong. Values are never printed: they may be secrets.
 */
export function loadConfig<S extends z.ZodRawShape>(
  shape: S,
  env: Environment = environment(),
): Readonly<z.output<z.ZodObject<S>>> {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = z.object(shape).safeParse(present);
  const secrets = [...secretProblems(env)].filter(([name]) => name in shape);
  if (parsed.success && secrets.length === 0) return Object.freeze(parsed.data);
  const known = new Set(secrets.map(([name]) => name));
  const issues = (parsed.error?.issues ?? []).map((issue) => [issue.path.join('.'), issue.message] as const);
  const lines = [...secrets, ...issues.filter(([name]) => !known.has(name))].map(
    ([name, text]) => `  ${name}: ${text}`,
  );
  throw new ConfigError(`the configuration is not complete:\n${lines.join('\n')}`);
}
