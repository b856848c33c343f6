import { type Environment, ConfigError, authShape, baseShape, loadConfig, redisShape } from '@kinora/service';
import { storageConfigShape, storageProblems } from '@kinora/storage';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { z } from 'zod';

const { KINORA_AUTH_URL, KINORA_SERVICE_SECRET } = authShape;

const MIB = 1024 ** 2;
/** What a chunk in five rungs from 1080p takes with one thread, with room for a larger one. */
const BYTES_PER_JOB = 700 * MIB;

/** Of the container where that is less than the machine's. */
const memory = (): number => Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);

const slotsOfMachine = (): number =>
  Math.min(64, Math.max(2, Math.min(availableParallelism(), Math.floor(memory() / BYTES_PER_JOB))));

const shape = {
  ...storageConfigShape,
  ...baseShape,
  ...redisShape,
  KINORA_AUTH_URL,
  KINORA_SERVICE_SECRET,
  KINORA_TRANSCODE_URL: z.url(),
  FFMPEG_PATH: z.string().min(1).default('ffmpeg'),
  /**
   * Jobs at a time: as many as there are cores, as far as memory reaches. At least two, so that sound and stills don't wait
   * for the picture.
   */
  ENCODER_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(slotsOfMachine()),
  /** Beginnings of videos at a time, beside those jobs; each has the cores of a machine for a second or two. */
  ENCODER_BEGINNINGS: z.coerce
    .number()
    .int()
    .min(1)
    .max(16)
    .default(Math.min(16, Math.ceil(availableParallelism() / 4))),
  /** Threads of each run; absent: one for chunks of a video, which are as many as cores, and as many as cores for the rest. */
  ENCODER_THREADS: z.coerce.number().int().min(1).max(64).optional(),
  /** Where blocks of sources are kept that come over the network. */
  ENCODER_SCRATCH: z.string().min(1).default(tmpdir()),
  /** Of those, at most; the ones used longest ago go first. */
  ENCODER_CACHE_BYTES: z.coerce
    .number()
    .int()
    .min(MIB)
    .default(512 * MIB),
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
