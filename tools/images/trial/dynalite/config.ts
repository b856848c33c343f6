import { loadConfig } from '@kinora/service';
import { z } from 'zod';

/** Settings of the trial's DynamoDB; throws with every problem at once. */
export const readConfig = () =>
  loadConfig({
    PORT: z.coerce.number().int().min(0).max(65_535).default(8000),
    HOST: z.string().default('127.0.0.1'),
    /** The folder that the tables are kept in. */
    DATA_DIR: z.string().default('/data'),
  });
