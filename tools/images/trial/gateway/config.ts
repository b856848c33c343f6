import { loadConfig } from '@kinora/service';
import { z } from 'zod';

/** Settings of the trial's gateway; throws with every problem at once. */
export const readConfig = () =>
  loadConfig({
    PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
    HOST: z.string().default('127.0.0.1'),
    /** Where people reach it: the one public origin. */
    KINORA_PUBLIC_URL: z.url(),
    /** Where each service is reached from here; the encoder serves nothing. */
    KINORA_AUTH_URL: z.url(),
    KINORA_UPLOAD_URL: z.url(),
    KINORA_TRANSCODE_URL: z.url(),
    KINORA_CATALOG_URL: z.url(),
    KINORA_ANALYTICS_URL: z.url(),
    KINORA_EDGE_URL: z.url(),
    KINORA_WEB_URL: z.url(),
  });
