import { startCognitoLocal, workspaceRoot } from '@kinora/testing';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Server } from './server';

const version = (): string => {
  const file = path.join(workspaceRoot, 'node_modules/cognito-local/package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
};

/** The one that the platform embeds on a laptop. */
export const cognito: Server = {
  name: 'cognito-local',
  version: version(),
  needs: [],
  provides: ['cognito'],
  install: () => Promise.resolve(),
  async start() {
    const server = await startCognitoLocal();
    return { address: { cognito: { endpoint: server.url } }, stop: () => server.stop() };
  },
};
