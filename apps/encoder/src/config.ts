import { type Environment, ConfigError, authShape, baseShape, loadConfig, redisShape } from '@kinora/service';
import { storageConfigShape, storageProblems } from '@kinora/storage';
import { z } from 'zod';

const { KINORA_AUTH_URL, KINORA_SERVICE_SECRET } = authShape;

const shape = {
  ...storageConfigShape,
  ...baseShape,
  ...redisShape,
  KINORA_AUTH_URL,
  KINORA_SERVICE_SECRET,
  KINORA_TRANSCODE_URL: z.url(),
  FFMPEG_PATH: z.string().min(1).default('ffmpeg'),
  /** Jobs at a time. At least two, so that sound and stills don't wait for the picture. */
  ENCODER_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(2),
  /** Threads of each run; absent leaves it to ffmpeg. One where there are as many workers as cores. */
  ENCODER_THREADS: z.coerce.number().int().min(1).max(64).optional(),
  ENCODER_MAX_MEMORY_BYTES: z.coerce
    .number()
    .int()
    .min(256 * 1024 ** 2)
    .default(4 * 1024 ** 3),
};

export type EncoderConfig = ReturnType<typeof loadEncoderConfig>;

/** @throws ConfigError naming every variable that is missing or wrong */
export const loadEncoderConfig = (env?: Environment) => {
  const config = loadConfig(shape, env);
  const problems = storageProblems(config);
  if (problems.length > 0) throw new ConfigError(`the configuration is not complete:\n  ${problems.join('\n  ')}`);
  return config;
};
