import { startPostgres } from '@kinora/testing';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { type Server } from './server';

/** Where Debian's package puts it; the bootstrap has installed it. */
const HOME = '/usr/lib/postgresql/15';

const version = (): string => {
  try {
    const said = execFileSync(path.join(HOME, 'bin/postgres'), ['--version'], { encoding: 'utf8' });
    return /[\d.]+/.exec(said)?.[0] ?? '15';
  } catch {
    return '15';
  }
};

/** The oldest PostgreSQL that we support, as RDS runs it. */
export const postgres15: Server = {
  name: 'PostgreSQL',
  version: version(),
  needs: ['PostgreSQL 15'],
  provides: ['postgres'],
  install: () => Promise.resolve(),
  async start() {
    const server = await startPostgres({ home: HOME });
    return { address: { postgres: { url: server.url } }, stop: () => server.stop() };
  },
};
