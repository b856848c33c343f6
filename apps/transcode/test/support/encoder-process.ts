import { type Child, nodeBinary, startChild, workspaceRoot } from '@kinora/testing';
import path from 'node:path';
import { type Platform } from './platform';

/** Builds the real encoder and starts it beside the service under test. */
export async function startEncoderProcess(platform: Platform): Promise<Child> {
  const build = startChild({
    name: 'build',
    command: nodeBinary(),
    args: [path.join(workspaceRoot, 'tools/build/service.mjs'), 'encoder'],
  });
  const { code } = await build.exited;
  if (code !== 0) throw new Error(`the encoder could not be built\n${build.tail()}`);
  return startChild({
    name: 'encoder',
    command: nodeBinary(),
    args: [path.join(workspaceRoot, 'dist/apps/encoder/main.js')],
    env: { ...platform.environment, KINORA_TRANSCODE_URL: platform.url(), LOG_LEVEL: 'info' },
  });
}
