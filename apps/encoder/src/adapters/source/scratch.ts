import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';

const PREFIX = 'kinora-encoder-';
const mine = new Set<string>();

/** A folder of this process's own. What encoders that were killed have left is removed first. */
export async function makeScratch(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]);
    // The first process of a container always has the same number.
    const folder = path.join(parent, name);
    if (pid > 0 && !mine.has(folder) && (pid === process.pid || !existsSync(`/proc/${pid}`)))
      await rm(folder, { recursive: true, force: true });
  }
  const made = await mkdtemp(path.join(parent, `${PREFIX}${process.pid}-`));
  mine.add(made);
  return made;
}
