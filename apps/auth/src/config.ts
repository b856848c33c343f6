import { Role } from '@kinora/contracts-common';
import { authShape, baseShape, databaseShape, type Environment, loadConfig, redisShape } from '@kinora/service';
import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';

/** JSON object of service name → secret. */
const ServiceSecrets = z.string().transform((text, ctx) => {
  try {
    const parsed = z
      .record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/), z.string().min(16).max(256))
      .safeParse(JSON.parse(text));
    if (parsed.success && Object.keys(parsed.data).length > 0) return parsed.data;
  } catch {
    // Reported below, without the text: it holds secrets.
  }
  ctx.addIssue({
    code: 'custom',
    message: 'expected a JSON object of service names and secrets of at least 16 characters',
  });
  return z.NEVER;
});

/** PKCS8 PEM of a P-256 key; line breaks may be written as `\n`, as environment files need it. */
const SigningKey = z.string().transform((text, ctx) => {
  try {
    const key = createPrivateKey(text.replaceAll('\\n', '\n'));
    if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  } catch {
    // Reported below.
  }
  ctx.addIssue({ code: 'custom', message: 'expected a PKCS8 PEM of a P-256 private key' });
  return z.NEVER;
});

/** Codes and secrets go there, so that anything else must be encrypted. */
const isLoopback = (url: string): boolean => ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);

const positive = z.coerce.number().int().min(1);

const shape = {
  ...baseShape,
  ...databaseShape,
  ...redisShape,
  COGNITO_REGION: authShape.COGNITO_REGION,
  COGNITO_USER_POOL_ID: authShape.COGNITO_USER_POOL_ID,
  COGNITO_CLIENT_ID: authShape.COGNITO_CLIENT_ID,
  COGNITO_ENDPOINT: authShape.COGNITO_ENDPOINT,
  COGNITO_ISSUER: authShape.COGNITO_ISSUER,
  /** Of an app client that has one. */
  COGNITO_CLIENT_SECRET: z.string().min(1).optional(),
  /** Address of the pool's own sign-in pages; without it there is no sign-in by other providers. */
  COGNITO_DOMAIN: z
    .url({ protocol: /^https?$/ })
    .refine((url) => url.startsWith('https:') || isLoopback(url), 'expected https')
    .transform((url) => new URL(url).origin)
    .optional(),
  /** Role of people who sign up by themselves. */
  SIGNUP_ROLE: Role.default('creator'),
  SERVICE_SECRETS: ServiceSecrets,
  SERVICE_TOKEN_PRIVATE_KEY: SigningKey,
  /** Life of the refresh cookie; no longer than the pool's refresh tokens. */
  REFRESH_COOKIE_DAYS: positive.default(30),
  RATE_LIMIT_WINDOW_SECONDS: positive.default(300),
  RATE_LIMIT_PER_IP: positive.default(100),
  RATE_LIMIT_PER_EMAIL: positive.default(10),
};

export type AuthConfig = Readonly<z.output<z.ZodObject<typeof shape>>>;

export const readConfig = (env?: Environment): AuthConfig => loadConfig(shape, env);
