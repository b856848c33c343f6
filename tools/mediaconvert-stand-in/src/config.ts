import { z } from 'zod';

const Settings = z.object({
  PORT: z.coerce.number().int().min(0).default(0),
  AWS_REGION: z.string().min(1),
  /** botocore's `service-2.json.gz` of MediaConvert. */
  MEDIACONVERT_MODEL: z.string().min(1),
  S3_ENDPOINT: z.url(),
  /** Of EventBridge and SQS. */
  AWS_ENDPOINT: z.url(),
  FFMPEG_PATH: z.string().default('ffmpeg'),
  FFPROBE_PATH: z.string().default('ffprobe'),
  /** Instead of what a job asks for: nobody waits ten seconds for a video of four. */
  STATUS_UPDATE_MS: z.coerce.number().positive().optional(),
  REQUESTS_PER_SECOND: z.coerce.number().positive().default(25),
  REQUEST_BURST: z.coerce.number().positive().default(50),
});

export const readConfig = (env = process.env) => Settings.parse(env);
export type Config = z.output<typeof Settings>;
