import { type AddressInfo } from 'node:net';
import { type Config } from './config';
import { createEncoder } from './encode/encode-job';
import { createBus } from './events/bus';
import { createEvents } from './events/events';
import { createApi } from './http/api';
import { createRateLimit } from './http/rate-limit';
import { createApiServer } from './http/server';
import { createQueues } from './jobs/queues';
import { createJobService } from './jobs/service';
import { readModel } from './model/service-model';
import { createStorage } from './storage';

const ACCOUNT = '000000000000';

/** Builds the service by hand and opens its port. */
export async function startStandIn(config: Config): Promise<{ url: string; stop(): Promise<void> }> {
  const region = config.AWS_REGION;
  const arnOf = (resource: string): string => `arn:aws:mediaconvert:${region}:${ACCOUNT}:${resource}`;
  const report = (problem: unknown): void => console.error(problem);
  const model = readModel(config.MEDIACONVERT_MODEL);
  const storage = createStorage({ endpoint: config.S3_ENDPOINT, region });
  const bus = createBus({ endpoint: config.AWS_ENDPOINT, region });
  const events = createEvents({ bus, region, account: ACCOUNT, report });
  const queues = createQueues(arnOf);
  const encode = createEncoder({ storage, ffmpeg: config.FFMPEG_PATH, ffprobe: config.FFPROBE_PATH });
  const jobs = createJobService({ queues, encode, events, arnOf, updateMs: config.STATUS_UPDATE_MS });
  let url = '';
  const server = createApiServer({
    model,
    handlers: createApi(jobs, queues, () => url),
    region,
    mayPass: createRateLimit({ perSecond: config.REQUESTS_PER_SECOND, burst: config.REQUEST_BURST }),
    report,
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.PORT, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    async stop() {
      await jobs.close();
      await events.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      storage.close();
    },
  };
}
