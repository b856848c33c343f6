import { parseGrantKeys, parseVerificationKeys } from '@kinora/delivery';
import { authShape, baseShape, ConfigError, type Environment, loadConfig, secretsShape } from '@kinora/service';
import { storageConfigShape, storageProblems } from '@kinora/storage';
import { z } from 'zod';

const MIB = 1024 * 1024;

/** A variable that is read by `parse`, whose complaint is reported with all others. */
const readBy = <T>(parse: (text: string) => T) =>
  z.string().transform((text, context): T => {
    try {
      return parse(text);
    } catch (error) {
      context.issues.push({
        code: 'custom',
        input: '',
        message: error instanceof Error ? error.message : 'unreadable',
      });
      return z.NEVER;
    }
  });

const origins = (text: string): string[] =>
  text
    .split(',')
    .filter(Boolean)
    .map((one) => new URL(one.trim()).origin);

const shape = {
  ...baseShape,
  ...secretsShape,
  ...storageConfigShape,
  KINORA_AUTH_URL: authShape.KINORA_AUTH_URL,
  KINORA_SERVICE_SECRET: authShape.KINORA_SERVICE_SECRET,
  KINORA_CATALOG_URL: z.url(),
  /** JSON `{"kid": "base64 secret", …}`: verifies path tokens. */
  GRANT_KEYS: readBy(parseGrantKeys),
  /** JSON `{"KEYID": {"publicKey": "PEM", "hash": ["SHA256"]}, …}`: verifies signed URLs and cookies. */
  CLOUDFRONT_KEYS: readBy(parseVerificationKeys),
  /** Memory for hot objects. */
  EDGE_CACHE_BYTES: z.coerce
    .number()
    .int()
    .min(0)
    .default(128 * MIB),
  /** Larger objects are streamed from the store each time. */
  EDGE_CACHE_OBJECT_BYTES: z.coerce
    .number()
    .int()
    .min(0)
    .default(8 * MIB),
  /** Origins of own pages besides the public one, comma-separated: may use cookies, and any grant. */
  EDGE_OWN_ORIGINS: readBy(origins).default([]),
  /** Header in which a trusted proxy tells the viewer's country, e.g. `cloudfront-viewer-country`. Without it, grants for countries are refused. */
  EDGE_COUNTRY_HEADER: z
    .string()
    .toLowerCase()
    .regex(/^[a-z0-9-]+$/)
    .optional(),
  /** How often revocations are asked for; they hold within five seconds. */
  EDGE_REVOCATION_POLL_MS: z.coerce.number().int().min(50).max(2_000).default(2_000),
};

export type Config = ReturnType<typeof readConfig>;

/** @throws ConfigError naming all that is missing or wrong. */
export function readConfig(env?: Environment) {
  const config = loadConfig(shape, env);
  const problems = storageProblems(config);
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return config;
}
