import { run } from '@kinora/backends';
import { nodeBinary, workspaceRoot } from '@kinora/testing';
import path from 'node:path';

/** The version that is installed, and the one that it is upgraded to: the same images under another name. */
export const FIRST = 'cluster-1';
export const SECOND = 'cluster-2';

/** Builds the platform's images, as `npm run images` does. @returns the archive */
export async function buildImages(tag: string, folder: string, signal: AbortSignal): Promise<string> {
  const bootstrap = path.join(workspaceRoot, 'tools/local/bootstrap.mjs');
  const archive = path.join(folder, tag);
  await run(nodeBinary(), [bootstrap, 'images', '--tag', tag, '--archive', archive], {
    cwd: workspaceRoot,
    signal,
  });
  return path.join(archive, 'kinora.tar');
}
