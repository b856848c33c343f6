import { nodeBinary, provideCredentials, workspaceRoot } from '@kinora/testing';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** Runs a measurement that belongs to an application, in a process of its own, and returns what it prints: one JSON value. */
export async function inApp<T>(script: string, options: unknown): Promise<T> {
  const loader = pathToFileURL(path.join(workspaceRoot, 'node_modules/tsx/dist/loader.mjs')).href;
  const { stdout } = await promisify(execFile)(
    nodeBinary(),
    ['--import', loader, path.join(workspaceRoot, script), JSON.stringify(options)],
    {
      cwd: workspaceRoot,
      env: {
        ...process.env,
        ...provideCredentials(),
        TSX_TSCONFIG_PATH: path.join(workspaceRoot, 'tsconfig.base.json'),
      },
      maxBuffer: 1 << 24,
    },
  );
  return JSON.parse(stdout) as T;
}
