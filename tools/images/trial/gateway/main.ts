import { startGateway } from '@kinora/local';
import path from 'node:path';
import { untilStopped } from '../until-stopped';
import { readConfig } from './config';

/** The gateway of `npm start` in front of a cluster that has no ingress: the same rules, other addresses. */
async function main(): Promise<void> {
  const config = readConfig();
  const gateway = await startGateway({
    port: config.PORT,
    host: config.HOST,
    publicUrl: config.KINORA_PUBLIC_URL.replace(/\/+$/, ''),
    referenceFiles: path.join(__dirname, 'swagger-ui-dist'),
  });
  untilStopped('gateway', () => gateway.stop());
  gateway.open({
    auth: config.KINORA_AUTH_URL,
    upload: config.KINORA_UPLOAD_URL,
    transcode: config.KINORA_TRANSCODE_URL,
    catalog: config.KINORA_CATALOG_URL,
    analytics: config.KINORA_ANALYTICS_URL,
    edge: config.KINORA_EDGE_URL,
    web: config.KINORA_WEB_URL,
  });
  console.log(`gateway: listening on ${gateway.port}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
