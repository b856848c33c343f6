import { loadConfig } from '@kinora/service';
import { z } from 'zod';

const origin = z.url().transform((url) => new URL(url).origin);

/** Settings of the journey; throws with every problem at once. */
export const readConfig = () =>
  loadConfig({
    /** Where the platform is reached from here. */
    KINORA_URL: origin,
    /** Where it says that it is, when that is another address: links of that origin are followed at KINORA_URL. */
    KINORA_PUBLIC_URL: origin.optional(),
    /** Who may upload. */
    KINORA_EMAIL: z.email(),
    KINORA_PASSWORD: z.string().min(1),
    /** How long the platform may take to answer, and then to make the video ready. */
    KINORA_TIMEOUT_SECONDS: z.coerce.number().positive().default(300),
    FFMPEG_PATH: z.string().default('ffmpeg'),
  });
