import { freshDir, onFreePort, startServer } from '@kinora/testing';
import path from 'node:path';
import { run } from '../install/command';
import { prepared } from '../install/prepared';
import { answers, CREDENTIALS, type Server } from './server';

const VERSION = '1.8.0';
/** Buckets in the host's name, for URLs of Transfer Acceleration; addresses by path are served all the same. */
const ACCELERATED = ['--virtual-domain', 's3-accelerate.amazonaws.com'];
const NAME = `versitygw-${VERSION}`;

const install = (signal: AbortSignal): Promise<string> =>
  prepared(NAME, async (folder) => {
    const env = { GOBIN: folder, GOFLAGS: '-p=2' };
    // Nobody debugs it: without symbols it is linked in half the time.
    await run('go', ['install', '-ldflags=-s -w', `github.com/versity/versitygw/cmd/versitygw@v${VERSION}`], {
      cwd: folder,
      env,
      signal,
    });
  });

/** S3 over a folder. It checks signatures, so that tampered and expired URLs are really refused. */
export const versitygw: Server = {
  name: 'versitygw (S3)',
  version: VERSION,
  needs: ['Go'],
  provides: ['s3'],
  install,
  async start() {
    const folder = await install(new AbortController().signal);
    const data = freshDir('kinora-s3');
    const { accessKeyId, secretAccessKey, region } = CREDENTIALS;
    return onFreePort(async (port) => {
      const endpoint = `http://127.0.0.1:${port}`;
      const child = await startServer({
        name: 'versitygw',
        command: path.join(folder, 'versitygw'),
        args: ['--quiet', '--port', `127.0.0.1:${port}`, '--region', region, ...ACCELERATED, 'posix', data],
        env: { PATH: process.env['PATH'], ROOT_ACCESS_KEY: accessKeyId, ROOT_SECRET_KEY: secretAccessKey },
        ready: () => answers(endpoint),
      });
      return { address: { s3: { ...CREDENTIALS, endpoint } }, stop: () => child.stop() };
    });
  },
};
