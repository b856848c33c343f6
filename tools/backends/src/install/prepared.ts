import { cacheDir } from '@kinora/testing';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

/**
 * A folder of the user's cache that holds one version of something whole: made by `make` in a folder beside it, which gets
 * its name once it is complete. Several processes may try at once; one of them wins.
 * @param name of what it is and its version; whoever changes how it is made changes this too
 */
export async function prepared(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = path.join(cacheDir('backends'), name);
  if (existsSync(folder)) return folder;
  const half = `${folder}.${process.pid}.half`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half);
  try {
    await make(half);
    renameSync(half, folder);
  } catch (error) {
    // Somebody else was faster: theirs is as good.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  return folder;
}
