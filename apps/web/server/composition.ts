import { createApp, type Base, type Listening } from '@kinora/service';
import { readConfig } from './config';
import { securityHeaders } from './headers';
import { followSite } from './site';
import { serveSite } from './serve';

/** The built page behind the headers and endpoints that every service has. */
export async function compose(base: Base): Promise<Listening> {
  const config = readConfig();
  const site = await followSite(config.WEB_ROOT);
  const app = createApp({
    ...base,
    raw: (express) => express.use(serveSite(site, securityHeaders(config.WEB_MEDIA_ORIGINS))),
    routers: [],
  });
  return { app, port: config.PORT, host: config.HOST };
}
