import { baseShape, loadConfig, type Environment } from '@kinora/service';
import path from 'node:path';
import { z } from 'zod';

const { PORT, HOST, LOG_LEVEL } = baseShape;

/** Origins beside the page's own, parted by spaces or commas. */
const Origins = z
  .string()
  .default('')
  .transform((text) => text.split(/[\s,]+/).filter(Boolean))
  .pipe(z.array(z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin)));

/** Settings of the web server; throws with every problem at once. */
export const readConfig = (env: Environment = process.env) =>
  loadConfig(
    {
      PORT,
      HOST,
      LOG_LEVEL,
      /** Folder of the built page; beside the bundle unless told. */
      WEB_ROOT: z.string().default(path.join(path.dirname(process.argv[1] ?? '.'), 'public')),
      /** Where media and parts of uploads go when they don't go through the page's own origin: the CDN, the object store. */
      WEB_MEDIA_ORIGINS: Origins,
    },
    env,
  );
