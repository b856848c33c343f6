import { type Environment, authShape, baseShape, loadConfig, redisShape } from '@kinora/service';
import { z } from 'zod';

const milliseconds = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const DAY_MS = 86_400_000;

const shape = {
  ...baseShape,
  ...redisShape,
  ...authShape,
  KINORA_CATALOG_URL: z.url(),
  /** Shared with catalog, which signs session tokens with it. */
  SESSION_TOKEN_KEY: z.string().min(32),
  AWS_REGION: z.string().default('us-east-1'),
  DYNAMODB_TABLE: z.string().min(3).max(255),
  /** Another server that speaks the DynamoDB API; absent in AWS. */
  DYNAMODB_ENDPOINT: z.url().optional(),
  /** Where no infrastructure code makes the table. */
  DYNAMODB_CREATE_TABLE: z.stringbool().default(false),
  /** How long beacons gather before they become one entry of the journal; their answers wait for it. */
  JOURNAL_WINDOW_MS: milliseconds(0, 10_000).default(2_000),
  /** How long reports of a session stay in the journal before the session is written. The longer, the cheaper. */
  SESSION_GATHER_MS: milliseconds(0, 600_000).default(180_000),
  /** A replica that shows no sign of life for so long is dead; others write what it left. */
  JOURNAL_LEASE_MS: milliseconds(500, 600_000).default(120_000),
  /** From a change to the rollup of its hour. */
  ROLLUP_DELAY_MS: milliseconds(0, 60_000).default(2_000),
  /** A replica that has not finished an hour's rollup after so long may be dead; others begin it anew. */
  ROLLUP_LOCK_MS: milliseconds(1_000, 600_000).default(60_000),
  /** How often hours that the quick way missed are looked for. */
  ROLLUP_SWEEP_MS: milliseconds(100, 600_000).default(30_000),
  /** How often the reader of a live stream is asked again who he is. */
  LIVE_RECHECK_MS: milliseconds(100, 600_000).default(60_000),
  /** How long after its token a session may still report: players send what was left on the next visit. */
  BEACON_GRACE_SECONDS: z.coerce.number().int().min(0).max(2_592_000).default(86_400),
  SESSION_LIFE_DAYS: z.coerce.number().int().min(2).max(3_650).default(90),
  ROLLUP_LIFE_DAYS: z.coerce.number().int().min(2).max(3_650).default(400),
};

/** @throws {ConfigError} naming every variable that is missing or wrong. */
export function readConfig(env?: Environment) {
  const config = loadConfig(shape, env);
  return Object.freeze({
    ...config,
    dynamo: {
      region: config.AWS_REGION,
      table: config.DYNAMODB_TABLE,
      endpoint: config.DYNAMODB_ENDPOINT,
    },
    sessionLifeMs: config.SESSION_LIFE_DAYS * DAY_MS,
    rollupLifeMs: config.ROLLUP_LIFE_DAYS * DAY_MS,
  });
}
export type Config = ReturnType<typeof readConfig>;
