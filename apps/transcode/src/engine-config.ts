import { type EngineRules } from './domain/engine';
import { type MediaConvertOptions } from './adapters/mediaconvert/remote-encoder';
import { z } from 'zod';

const positive = z.coerce.number().positive();

/** Environment names of the engines, part of the service's configuration. */
export const engineShape = {
  /** Who encodes: our workers, AWS Elemental MediaConvert, or a choice for each video. */
  TRANSCODE_ENGINE: z.enum(['ffmpeg', 'mediaconvert', 'policy']).default('ffmpeg'),
  /** Another endpoint than AWS's. */
  MEDIACONVERT_ENDPOINT: z.url().optional(),
  /** The role that the service takes on to read our sources and to write media. */
  MEDIACONVERT_ROLE_ARN: z.string().startsWith('arn:').optional(),
  MEDIACONVERT_QUEUE_ARN: z.string().startsWith('arn:').optional(),
  /** The SQS queue to which EventBridge brings "MediaConvert Job State Change"; without it jobs are only asked about. */
  MEDIACONVERT_EVENTS_QUEUE_URL: z.url().optional(),
  SQS_ENDPOINT: z.url().optional(),
  /** After so long without news of a job it is asked about. */
  MEDIACONVERT_POLL_SECONDS: positive.default(60),
  /** Output minutes a day (UTC) that may be bought; none: no limit. */
  MEDIACONVERT_DAILY_MINUTES: positive.optional(),
  /** `policy`: sources larger or longer than this are bought, … */
  TRANSCODE_OFFLOAD_GIGABYTES: positive.default(20),
  TRANSCODE_OFFLOAD_MINUTES: positive.default(120),
  /** … and everything while so many jobs wait for our workers, or the next of them so long. */
  TRANSCODE_OFFLOAD_JOBS: z.coerce.number().int().positive().default(100),
  TRANSCODE_OFFLOAD_WAIT_SECONDS: positive.default(600),
};

type EngineConfig = z.output<z.ZodObject<typeof engineShape>>;

interface Surroundings {
  readonly STORAGE_DRIVER: 'disk' | 's3';
  readonly AWS_REGION?: string | undefined;
  readonly S3_BUCKET_RAW?: string | undefined;
  readonly S3_BUCKET_DISTRIBUTION?: string | undefined;
}

export const engineRules = (config: EngineConfig): EngineRules => ({
  mode: config.TRANSCODE_ENGINE,
  dailyMinutes: config.MEDIACONVERT_DAILY_MINUTES,
  bytes: config.TRANSCODE_OFFLOAD_GIGABYTES * 1024 ** 3,
  minutes: config.TRANSCODE_OFFLOAD_MINUTES,
  waitingJobs: config.TRANSCODE_OFFLOAD_JOBS,
  waitSeconds: config.TRANSCODE_OFFLOAD_WAIT_SECONDS,
});

/** What the chosen engine lacks, as sentences, so that the service can report all its problems at once. */
export function engineProblems(config: EngineConfig & Surroundings): string[] {
  if (!wantsMediaConvert(config)) return [];
  const needed = ['MEDIACONVERT_ROLE_ARN', 'AWS_REGION', 'S3_BUCKET_RAW', 'S3_BUCKET_DISTRIBUTION'] as const;
  const { TRANSCODE_ENGINE: mode } = config;
  return [
    ...(config.STORAGE_DRIVER === 's3' ? [] : [`STORAGE_DRIVER must be s3 when TRANSCODE_ENGINE is ${mode}`]),
    ...needed
      .filter((name) => config[name] === undefined)
      .map((name) => `${name} is required when TRANSCODE_ENGINE is ${mode}`),
  ];
}

/** Jobs that were ordered before the engine was switched back are still followed, as long as the role is there. */
const wantsMediaConvert = (config: EngineConfig): boolean =>
  config.TRANSCODE_ENGINE !== 'ffmpeg' || config.MEDIACONVERT_ROLE_ARN !== undefined;

/**
 * How to reach MediaConvert; undefined where it is not wanted.
 * @throws naming all that is missing, see {@link engineProblems}
 */
export function mediaConvertOptions(config: EngineConfig & Surroundings): MediaConvertOptions | undefined {
  if (!wantsMediaConvert(config)) return undefined;
  const problems = engineProblems(config);
  if (problems.length > 0) throw new Error(problems.join('; '));
  return {
    region: config.AWS_REGION ?? '',
    roleArn: config.MEDIACONVERT_ROLE_ARN ?? '',
    buckets: { raw: config.S3_BUCKET_RAW ?? '', distribution: config.S3_BUCKET_DISTRIBUTION ?? '' },
    endpoint: config.MEDIACONVERT_ENDPOINT,
    queueArn: config.MEDIACONVERT_QUEUE_ARN,
  };
}
