import {
  ConfigError,
  type Environment,
  authShape,
  baseShape,
  databaseShape,
  loadConfig,
  redisShape,
} from '@kinora/service';
import { storageConfigShape, storageProblems } from '@kinora/storage';
import { z } from 'zod';

const MIB = 1024 ** 2;
const positive = z.coerce.number().int().min(1);
const list = z.string().transform((text) => text.split(',').flatMap((one) => one.trim().toLowerCase() || []));

const shape = {
  ...baseShape,
  ...databaseShape,
  ...redisShape,
  ...authShape,
  ...storageConfigShape,
  KINORA_CATALOG_URL: z.url(),
  UPLOAD_MAX_BYTES: positive.default(128 * 1024 ** 3),
  /** Types that are taken whatever the name; `video/*` means all of them. */
  UPLOAD_CONTENT_TYPES: list.prefault(
    'video/*,application/mp4,application/mxf,application/ogg,application/x-matroska,application/vnd.ms-asf,application/vnd.rn-realmedia',
  ),
  /** Endings that are taken when the type says nothing (`application/octet-stream`). */
  UPLOAD_EXTENSIONS: list.prefault(
    'mp4,m4v,mov,qt,mkv,webm,avi,divx,mpg,mpeg,m1v,m2v,vob,ts,m2ts,mts,mxf,gxf,flv,f4v,wmv,asf,3gp,3g2,ogv,ogg,ogm,dv,nut,rm,rmvb,y4m,h264,hevc,ivf',
  ),
  /** Bytes of a part of an ordinary file; larger files get larger parts. S3 wants 5 MiB at least. */
  UPLOAD_PART_BYTES: z.coerce
    .number()
    .int()
    .min(5 * MIB)
    .max(512 * MIB)
    .default(8 * MIB),
  UPLOAD_PART_URL_SECONDS: positive.max(7 * 86_400).default(3_600),
  /** An upload that has not ended after this long is abandoned. */
  UPLOAD_TTL_SECONDS: positive.default(3 * 86_400),
  /** Unfinished uploads of one person: how many, and of how many bytes together. */
  UPLOAD_MAX_OPEN: positive.default(50),
  UPLOAD_MAX_OPEN_BYTES: positive.default(1024 ** 4),
  UPLOAD_SWEEP_SECONDS: positive.default(300),
  /** tus transfers at a time in this process; each holds up to one part in memory. */
  TUS_MAX_CONCURRENT: positive.default(32),
};

export type UploadConfig = Readonly<z.output<z.ZodObject<typeof shape>>>;

export function readConfig(env?: Environment): UploadConfig {
  const config = loadConfig(shape, env);
  const problems = storageProblems(config).map((one) => `  ${one}`);
  if (problems.length > 0) throw new ConfigError(`the configuration is not complete:\n${problems.join('\n')}`);
  return config;
}
