import fs from 'node:fs/promises';
import path from 'node:path';
import { isMissing } from './files';

/** Every file under a folder, depth first, a directory page at a time; folders that vanish meanwhile are passed over. */
export async function* walk(dir: string): AsyncGenerator<string> {
  let entries;
  try {
    entries = await fs.opendir(dir);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  for await (const entry of entries) {
    const file = path.join(dir, entry.name);
    if (entry.isDirectory()) yield* walk(file);
    else if (entry.isFile()) yield file;
  }
}

const A_DAY = 24 * 3600 * 1000;

/** Removes temporary files of processes that died more than a day ago. */
export async function sweepTemporary(dir: string): Promise<void> {
  for await (const file of walk(dir)) {
    const stat = await fs.stat(file).catch(() => undefined);
    if (stat && Date.now() - stat.mtimeMs > A_DAY) await fs.rm(file, { force: true });
  }
}
