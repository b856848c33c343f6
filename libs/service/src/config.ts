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
  /** Where people reach the platform: the one public origin. */
  KINORA_PUBLIC_URL: z.url().transform((url) => url.replace(/\/+$/, '')),
};

const timeout = (byDefault: number) => z.coerce.number().int().min(100).max(600_000).default(byDefault);

export const databaseShape = {
  /** The writer, with user and password. */
  DATABASE_URL: z.url(),
  /** A read replica; the writer serves reads without one. */
  DATABASE_READER_URL: z.url().optional(),
  DATABASE_POOL_MAX: z.coerce.number().int().min(2).max(100).default(8),
  /** `require`: encrypted, whoever it is. `verify-full`: with a certificate for this host, by an authority we know. */
  DATABASE_SSL: z.enum(['disable', 'require', 'verify-full']).default('disable'),
  /** Certificates of the authorities that `verify-full` trusts, in PEM; Node's own without it. */
  DATABASE_CA_FILE: z.string().optional(),
  /** `iam`: RDS's tokens, signed with the credentials of the SDK's default chain, instead of the URL's password. */
  DATABASE_AUTH: z.enum(['password', 'iam']).default('password'),
  DATABASE_STATEMENT_TIMEOUT_MS: timeout(15_000),
  DATABASE_LOCK_TIMEOUT_MS: timeout(5_000),
  DATABASE_IDLE_TRANSACTION_TIMEOUT_MS: timeout(30_000),
  /** How long a request waits for a connection of a full pool before it is answered 503. */
  DATABASE_ACQUIRE_TIMEOUT_MS: timeout(5_000),
  /** `never`: `node main.js migrate` has done it; the service only looks whether that is so. */
  DATABASE_MIGRATE: z.enum(['on-start', 'never']).default('on-start'),
};

export const redisShape = { REDIS_URL: z.url() };

/** How a service knows its callers, and shows itself to the others. */
export const authShape = {
  /** Where services reach `auth`. */
  KINORA_AUTH_URL: z.url(),
  /** This service's own secret, which `auth` knows and gives tokens for. */
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

/** Traces, by variables that OpenTelemetry has named. */
export const tracingShape = {
  /** A collector that takes OTLP over HTTP, such as `http://otel-collector:4318`; no traces without one. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  /** Share of the traces that begin here which are recorded. */
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
};

/** Set while somebody wants to know which variables are read (`checkConfig`). */
let notice: ((shape: z.ZodRawShape, env: Environment) => void) | undefined;

/** Runs work that reads a configuration, and tells the shapes that it reads by. */
export async function noticingConfig(
  told: (shape: z.ZodRawShape, env: Environment) => void,
  work: () => unknown,
): Promise<void> {
  notice = told;
  try {
    await work();
  } finally {
    notice = undefined;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What of a configuration is right, so that whoever wants to know all problems learns of those of what belongs together, too. */
const readable = (shape: z.ZodRawShape, env: Environment): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(shape).flatMap(([name, schema]) => {
      const one = z.safeParse(schema, env[name]);
      return one.success ? [[name, one.data]] : [];
    }),
  );

/**
 * Reads a configuration from the environment, once, and freezes it. Empty variables count as absent.
 * @throws {ConfigError} naming every variable that is missing or wrong. Values are never printed: they may be secrets.
 */
export function loadConfig<S extends z.ZodRawShape>(
  shape: S,
  env: Environment = environment(),
): Readonly<z.output<z.ZodObject<S>>> {
  notice?.(shape, env);
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = z.object(shape).safeParse(present);
  const secrets = [...secretProblems(env)].filter(([name]) => name in shape);
  if (parsed.success && secrets.length === 0) return Object.freeze(parsed.data);
  if (notice) return readable(shape, present) as z.output<z.ZodObject<S>>;
  const known = new Set(secrets.map(([name]) => name));
  const issues = (parsed.error?.issues ?? []).map((issue) => [issue.path.join('.'), issue.message] as const);
  const lines = [...secrets, ...issues.filter(([name]) => !known.has(name))].map(
    ([name, text]) => `  ${name}: ${text}`,
  );
  throw new ConfigError(`the configuration is not complete:\n${lines.join('\n')}`);
}
