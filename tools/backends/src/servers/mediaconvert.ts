import { nodeBinary, onFreePort, program, SET_UP, startServer, workspaceRoot } from '@kinora/testing';
import { globSync } from 'node:fs';
import path from 'node:path';
import { run } from '../install/command';
import { prepared } from '../install/prepared';
import { answers, CREDENTIALS, type Server } from './server';

/** Whose description of MediaConvert's interface requests are held against. */
const BOTOCORE = '1.44.8';
const FOLDER = path.join(workspaceRoot, 'tools/mediaconvert-stand-in');
const MODEL = 'botocore/data/mediaconvert/*/service-2.json.gz';

const install = (signal: AbortSignal): Promise<string> =>
  prepared(`botocore-${BOTOCORE}`, async (cwd) => {
    const args = ['-m', 'pip', '-q', 'install', '--no-deps', '--target', 'packages', `botocore==${BOTOCORE}`];
    await run('python3', args, { cwd, signal });
  });

function modelIn(folder: string): string {
  const [found] = globSync(MODEL, { cwd: path.join(folder, 'packages') });
  if (found === undefined) throw new Error(`botocore ${BOTOCORE} has no ${MODEL}`);
  return path.join(folder, 'packages', found);
}

/** Kinora's own: encodes with ffmpeg what a job says, from S3 to S3, and tells of it over EventBridge. */
export const mediaConvert: Server = {
  name: 'MediaConvert stand-in, checked by botocore',
  version: BOTOCORE,
  needs: ['Python 3 with pip'],
  provides: ['mediaconvert'],
  uses: ['s3', 'aws'],
  install,
  async start({ s3, aws }) {
    if (!s3 || !aws) throw new Error('the MediaConvert stand-in needs S3 and EventBridge');
    const model = modelIn(await install(new AbortController().signal));
    return onFreePort(async (port) => {
      const endpoint = `http://127.0.0.1:${port}`;
      const child = await startServer({
        name: 'MediaConvert stand-in',
        command: nodeBinary(),
        args: ['--import', path.join(workspaceRoot, 'node_modules/tsx/dist/loader.mjs'), path.join(FOLDER, 'main.ts')],
        cwd: workspaceRoot,
        env: {
          PATH: process.env['PATH'],
          TSX_TSCONFIG_PATH: path.join(workspaceRoot, 'tsconfig.base.json'),
          // What it calls is no call of ours, also where it is led through the recorder.
          AWS_SDK_UA_APP_ID: SET_UP,
          AWS_REGION: CREDENTIALS.region,
          AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
          AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
          PORT: String(port),
          MEDIACONVERT_MODEL: model,
          S3_ENDPOINT: s3.endpoint,
          AWS_ENDPOINT: aws.endpoint,
          FFMPEG_PATH: program('ffmpeg'),
          FFPROBE_PATH: program('ffprobe'),
          STATUS_UPDATE_MS: '250',
        },
        ready: () => answers(endpoint),
      });
      return { address: { mediaconvert: { endpoint } }, stop: () => child.stop() };
    });
  },
};
