import dynalite from 'dynalite';
import { mkdirSync } from 'node:fs';
import { untilStopped } from '../until-stopped';
import { readConfig } from './config';

const config = readConfig();
mkdirSync(config.DATA_DIR, { recursive: true });
// Waiting for a table teaches nobody anything here.
const server = dynalite({ path: config.DATA_DIR, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
server.listen(config.PORT, config.HOST, () => console.log(`dynalite: listening on ${config.PORT}`));
untilStopped('dynalite', async () => {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
});
