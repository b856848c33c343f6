import { setUpCognito } from '@kinora/local';
import { createDefaultServer } from 'cognito-local/lib/server';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { pino } from 'pino';
import { untilStopped } from '../until-stopped';
import { type CognitoLocalConfig, readConfig } from './config';
import { ensurePool } from './pool';

type Logger = Parameters<typeof createDefaultServer>[0];

const listen = (app: RequestListener, port: number, host: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer(app);
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** Groups and the first user are made through the API, on a port that nobody else knows: whoever reaches the server finds them. */
async function prepare(app: RequestListener, config: CognitoLocalConfig): Promise<void> {
  const inner = await listen(app, 0, '127.0.0.1');
  writeFileSync(
    'pool.json',
    JSON.stringify({ userPoolId: config.COGNITO_USER_POOL_ID, clientId: config.COGNITO_CLIENT_ID }),
  );
  await setUpCognito({
    endpoint: `http://127.0.0.1:${(inner.address() as AddressInfo).port}`,
    file: 'pool.json',
    demo: { email: config.DEMO_EMAIL, password: config.DEMO_PASSWORD },
  });
  await close(inner);
}

async function main(): Promise<void> {
  const config = readConfig();
  mkdirSync(config.DATA_DIR, { recursive: true });
  // It keeps its files below the folder it is in.
  process.chdir(config.DATA_DIR);
  const logger = pino({ level: 'info' }) as unknown as Logger;
  await ensurePool(
    { logger },
    { poolId: config.COGNITO_USER_POOL_ID, clientId: config.COGNITO_CLIENT_ID, issuerDomain: config.issuerDomain },
  );
  const { application } = await createDefaultServer(logger);
  await prepare(application, config);
  const server = await listen(application, config.PORT, config.HOST);
  untilStopped('cognito-local', () => close(server));
  console.log(`cognito-local: listening on ${config.PORT}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
