import { MAX_GRANT_SECONDS, parseGrantKeys, signingKey } from '@kinora/delivery';
import {
  type Environment,
  authShape,
  baseShape,
  databaseShape,
  loadConfig,
  redisShape,
  secretsShape,
} from '@kinora/service';
import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { noSynonyms, parseSynonyms } from './domain/search/synonyms';
import { DEFAULT_RETRY_SECONDS } from './domain/webhooks/retries';

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true');

/** PEM, also with its line breaks written as `\n`, as some secret stores hand it out. */
const privateKey = z
  .string()
  .transform((text) => text.replace(/\\n/g, '\n'))
  .refine(isPrivateKey, 'expected a private key in PEM');

function isPrivateKey(pem: string): boolean {
  try {
    return ['rsa', 'ec'].includes(createPrivateKey(pem).asymmetricKeyType ?? '');
  } catch {
    return false;
  }
}

const grantKeys = z.string().transform((json, context) => {
  try {
    return parseGrantKeys(json);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

/** Origins with commas between. */
const origins = z
  .string()
  .transform((list) => list.split(',').map((one) => one.trim()))
  .pipe(z.array(z.url().transform((url) => new URL(url).origin)));

const synonyms = z.string().transform((text, context) => {
  try {
    return parseSynonyms(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

const shape = {
  ...baseShape,
  ...secretsShape,
  ...databaseShape,
  ...redisShape,
  ...authShape,
  /** Origin of the media, when it is not that of the pages. */
  KINORA_MEDIA_URL: z
    .url()
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  /** `Domain` of the CloudFront cookies, when pages and media are different hosts of one domain. */
  COOKIE_DOMAIN: z.string().optional(),
  /** Keys of path tokens; the first signs. */
  GRANT_KEYS: grantKeys,
  CLOUDFRONT_KEY_ID: z.string().min(1),
  CLOUDFRONT_PRIVATE_KEY: privateKey,
  CLOUDFRONT_HASH: z.enum(['SHA1', 'SHA256']).default('SHA256'),
  /** CloudFront's key value store, from which its function reads keys and revocations. */
  CLOUDFRONT_KVS_ARN: z.string().startsWith('arn:').optional(),
  /** Another server that speaks the store's API; absent in AWS. */
  CLOUDFRONT_KVS_ENDPOINT: z.url().optional(),
  /** The distribution whose copies of deleted media are invalidated. */
  CLOUDFRONT_DISTRIBUTION_ID: z.string().min(1).optional(),
  /** Another server that speaks CloudFront's API; absent in AWS. */
  CLOUDFRONT_ENDPOINT: z.url().optional(),
  /** Origins of own pages besides the public one, with commas between, as edge's `EDGE_OWN_ORIGINS`. */
  CLOUDFRONT_OWN_ORIGINS: origins.default([]),
  /** Life of a grant; players renew it at 80 %. */
  GRANT_SECONDS: z.coerce.number().int().min(60).max(MAX_GRANT_SECONDS).default(3_600),
  /** Signs the tokens of playback sessions; analytics verifies them. */
  SESSION_TOKEN_KEY: z.string().min(32),
  /** Seals the secrets of webhooks in the database. */
  WEBHOOK_SECRET_KEY: z.string().min(32),
  /** Lets webhooks reach private addresses and plain HTTP. Never outside a laptop. */
  WEBHOOK_ALLOW_PRIVATE: flag,
  /** Seconds before each further try, with commas between. */
  WEBHOOK_RETRY_SECONDS: z
    .string()
    .regex(/^\d+(\.\d+)?(,\d+(\.\d+)?)*$/)
    .transform((list) => list.split(',').map(Number))
    .default([...DEFAULT_RETRY_SECONDS]),
  /** Searches, and grants, that one address may ask for in a minute. */
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().positive().default(600),
  /** Search in OpenSearch; in Postgres without one. */
  OPENSEARCH_URL: z.url().optional(),
  /** How requests to OpenSearch are signed: for AWS by its SDK's default credentials. */
  OPENSEARCH_AUTH: z.enum(['none', 'sigv4']).default('none'),
  /** What signatures are for: a domain of the OpenSearch Service, or Serverless. */
  OPENSEARCH_SERVICE: z.enum(['es', 'aoss']).default('es'),
  AWS_REGION: z.string().default('us-east-1'),
  /** When a search is given up. */
  OPENSEARCH_TIMEOUT_MS: z.coerce.number().int().min(50).max(30_000).default(2_000),
  /** Phrases that mean the same: commas between those of a group, semicolons between groups. */
  SEARCH_SYNONYMS: synonyms.default(noSynonyms),
};

const openSearchOf = (
  config: { OPENSEARCH_AUTH: 'none' | 'sigv4'; OPENSEARCH_SERVICE: 'es' | 'aoss'; AWS_REGION: string },
  url: string,
) => ({ url, auth: config.OPENSEARCH_AUTH, service: config.OPENSEARCH_SERVICE, region: config.AWS_REGION });

export function loadCatalogConfig(env?: Environment) {
  const config = loadConfig(shape, env);
  return Object.freeze({
    ...config,
    mediaUrl: config.KINORA_MEDIA_URL ?? config.KINORA_PUBLIC_URL,
    ownOrigins: [new URL(config.KINORA_PUBLIC_URL).origin, ...config.CLOUDFRONT_OWN_ORIGINS],
    openSearch: config.OPENSEARCH_URL === undefined ? undefined : openSearchOf(config, config.OPENSEARCH_URL),
    signingKey: signingKey(config.CLOUDFRONT_KEY_ID, config.CLOUDFRONT_PRIVATE_KEY, config.CLOUDFRONT_HASH),
  });
}
export type CatalogConfig = ReturnType<typeof loadCatalogConfig>;
