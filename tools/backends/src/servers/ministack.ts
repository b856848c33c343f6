import { freshDir, onFreePort, program, startServer } from '@kinora/testing';
import path from 'node:path';
import { run } from '../install/command';
import { prepared } from '../install/prepared';
import { answers, CREDENTIALS, type Server } from './server';

const VERSION = '1.5.33';
/** Without it, its keys are too short for those who check them. */
const CRYPTOGRAPHY = '50.0.2';

const install = (signal: AbortSignal): Promise<string> =>
  prepared(`ministack-${VERSION}`, async (cwd) => {
    const packages = [`ministack==${VERSION}`, `cryptography==${CRYPTOGRAPHY}`];
    await run('python3', ['-m', 'pip', '-q', 'install', '--target', 'packages', ...packages], { cwd, signal });
  });

/** SQS, SNS, EventBridge, S3 with events, and the control planes of CloudFront, KMS and Secrets Manager. */
export const ministack: Server = {
  name: 'ministack (SQS, SNS, EventBridge, S3 events, CloudFront, KMS, Secrets Manager)',
  version: VERSION,
  needs: ['Python 3 with pip'],
  provides: ['aws'],
  install,
  async start() {
    const folder = await install(new AbortController().signal);
    const data = freshDir('kinora-ministack');
    return onFreePort(async (port) => {
      const endpoint = `http://127.0.0.1:${port}`;
      const child = await startServer({
        name: 'ministack',
        command: program('python3'),
        args: ['-c', 'from ministack.app import main; main()'],
        cwd: data,
        env: {
          PATH: process.env['PATH'],
          HOME: data,
          PYTHONPATH: path.join(folder, 'packages'),
          BIND_HOST: '127.0.0.1',
          GATEWAY_PORT: String(port),
          // Signed URLs are checked, with these.
          AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
          AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
        },
        ready: () => answers(endpoint),
      });
      return { address: { aws: { ...CREDENTIALS, endpoint } }, stop: () => child.stop() };
    });
  },
};
