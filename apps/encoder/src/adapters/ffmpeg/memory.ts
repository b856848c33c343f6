import { readFile } from 'node:fs/promises';

const PAGE = 4096;
const EVERY_MS = 1000;

/** Resident bytes of a process; undefined where /proc doesn't tell (it has ended, or this isn't Linux). */
async function residentBytes(pid: number): Promise<number | undefined> {
  const statm = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => undefined);
  const pages = Number(statm?.split(' ')[1]);
  return Number.isFinite(pages) ? pages * PAGE : undefined;
}

/** Calls `onExceeded` once a process holds more than `limit` bytes. On systems without /proc the container's limit must do. */
export function watchMemory(pid: number | undefined, limit: number, onExceeded: () => void): { stop(): void } {
  if (pid === undefined) return { stop: () => undefined };
  const timer = setInterval(() => {
    void residentBytes(pid).then((bytes) => {
      if (bytes !== undefined && bytes > limit) onExceeded();
    });
  }, EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
