import { UserId } from '@kinora/contracts-common';
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
  /** The queue to which the staging bucket's events go; without it nobody listens. */
  UPLOAD_EVENTS_QUEUE_URL: z.url().optional(),
  /** Another server that speaks SQS; absent in AWS. */
  SQS_ENDPOINT: z.url().optional(),
  /** After this many seconds another instance takes the event that a dead one had at work. */
  UPLOAD_EVENTS_VISIBILITY_SECONDS: positive.max(43_200).default(60),
  /** The longest pause before an event that failed comes again; they begin at five seconds. */
  UPLOAD_EVENTS_MAX_PAUSE_SECONDS: positive.max(43_200).default(900),
  /** What is put under this key prefix of the staging bucket becomes a video. */
  UPLOAD_WATCH_PREFIX: z
    .string()
    .regex(/^(?!uploads\/)[^/].*\/$/, 'must be a folder such as watch/, and not uploads/')
    .optional(),
  /** Whose videos those are. */
  UPLOAD_WATCH_OWNER_ID: UserId.optional(),
  /** tus transfers at a time in this process; each holds up to one part in memory. */
  TUS_MAX_CONCURRENT: positive.default(32),
};

export type UploadConfig = Readonly<z.output<z.ZodObject<typeof shape>>>;

/** What events of the bucket lack. */
function eventProblems(config: UploadConfig): string[] {
  const { UPLOAD_EVENTS_QUEUE_URL: queue, UPLOAD_WATCH_PREFIX: prefix, UPLOAD_WATCH_OWNER_ID: owner } = config;
  return [
    ...(queue !== undefined && config.STORAGE_DRIVER !== 's3'
      ? ['UPLOAD_EVENTS_QUEUE_URL: only the s3 driver of STORAGE_DRIVER has events']
      : []),
    ...(prefix !== undefined && queue === undefined
      ? ['UPLOAD_EVENTS_QUEUE_URL is required when UPLOAD_WATCH_PREFIX is given']
      : []),
    ...(prefix !== undefined && owner === undefined
      ? ['UPLOAD_WATCH_OWNER_ID is required when UPLOAD_WATCH_PREFIX is given']
      : []),
  ];
}

export function readConfig(env?: Environment): UploadConfig {
  const config = loadConfig(shape, env);
  const problems = [...storageProblems(config), ...eventProblems(config)].map((one) => `  ${one}`);
  if (problems.length > 0) throw new ConfigError(`the configuration is not complete:\n${problems.join('\n')}`);
  return config;
}
