import { cacheDir } from '@kinora/testing';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Nothing takes longer to be made; whatever is older was left by a process that was killed. */
const OLDEST_MS = 30 * 60_000;

/** Whether a process is at work, as far as can be told: its number may be another's by now. */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Halves of `name` that other processes are making; those that nobody makes any more are removed. */
function halvesOfOthers(home: string, name: string): string[] {
  return readdirSync(home)
    .filter((entry) => entry.startsWith(`${name}.`) && entry.endsWith('.half'))
    .map((entry) => path.join(home, entry))
    .filter((half) => {
      const pid = Number(half.split('.').at(-2));
      const since = statSync(half, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      const busy = pid !== process.pid && lives(pid) && Date.now() - since < OLDEST_MS;
      if (!busy) rmSync(half, { recursive: true, force: true });
      return busy;
    });
}

/**
 * A folder of the user's cache that holds one version of something whole: made by `make` in a folder beside it, which gets
 * its name once it is complete. A process that was killed leaves nothing that counts, and one that comes second waits for the first.
 * @param name of what it is and its version; whoever changes how it is made changes this too
 * @param home the part of the cache that it belongs to
 */
export async function prepared(
  name: string,
  make: (folder: string) => Promise<void>,
  home = cacheDir('backends'),
): Promise<string> {
  const folder = path.join(home, name);
  while (!existsSync(folder) && halvesOfOthers(home, name).length > 0) await delay(500);
  if (existsSync(folder)) return folder;
  const half = `${folder}.${process.pid}.half`;
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
