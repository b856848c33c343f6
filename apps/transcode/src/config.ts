import { type Environment, authShape, baseShape, databaseShape, loadConfig, redisShape } from '@kinora/service';
import { storageConfigShape } from '@kinora/storage';
import { z } from 'zod';
import { engineShape } from './engine-config';

const seconds = z.coerce.number().positive();

const shape = {
  ...engineShape,
  ...baseShape,
  ...databaseShape,
  ...redisShape,
  ...authShape,
  ...storageConfigShape,
  KINORA_CATALOG_URL: z.url(),
  /** Where programs are found. */
  PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
  FFPROBE_PATH: z.string().min(1).default('ffprobe'),
  /** Jobs of our own at a time: probing, finishing, sweeping. */
  TRANSCODE_CONCURRENCY: z.coerce.number().int().min(1).max(32).default(3),
  /** Length of a chunk, roughly; 0: the whole video is one. */
  TRANSCODE_CHUNK_SECONDS: z.coerce.number().nonnegative().default(20),
  /** Between two comparisons of the record with the queues. */
  TRANSCODE_RECONCILE_SECONDS: seconds.default(30),
  /** Without progress for so long, and without a live job, an encoding has stalled. */
  TRANSCODE_STALL_SECONDS: seconds.default(900),
  /** How long an outage of what we need may last before an encoding fails. */
  TRANSCODE_PATIENCE_SECONDS: seconds.default(3_600),
  /** Before the second and each later round of emptying what was deleted. */
  TRANSCODE_SWEEP_SECONDS: z
    .string()
    .regex(/^\d+(,\d+)*$/)
    .default('60,900')
    .transform((text) => text.split(',').map(Number)),
};

export const readConfig = (env?: Environment) => loadConfig(shape, env);
export type Config = ReturnType<typeof readConfig>;
