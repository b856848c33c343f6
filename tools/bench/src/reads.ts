import { setTimeout as sleep } from 'node:timers/promises';
import { pids, read } from './processes';

/** Often enough that a process which has ended between two looks has read little since the first. */
const EVERY_MS = 10;

const naming = (text: string) => (pid: string) => read(`/proc/${pid}/cmdline`)?.includes(text) ?? false;

/** Until no process names `text` in its command line any more. */
export async function untilNoneNames(text: string): Promise<void> {
  while (pids().some(naming(text))) await sleep(50);
}

/**
 * Counts what processes read that name `text` in their command lines (proc(5), `rchar`: all that read(2) returned, the libraries
 * they load included).
 */
export function watchReads(text: string): { stop(): number } {
  const bytes = new Map<string, number>();
  // Who runs already has nothing to do with it, and there are many.
  const strangers = new Set(pids());
  const look = (): void => {
    for (const pid of pids()) {
      if (strangers.has(pid) || !(bytes.has(pid) || naming(text)(pid))) continue;
      const chars = Number(/^rchar: (\d+)/m.exec(read(`/proc/${pid}/io`) ?? '')?.[1] ?? 0);
      bytes.set(pid, Math.max(bytes.get(pid) ?? 0, chars));
    }
  };
  const timer = setInterval(look, EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      look();
      return [...bytes.values()].reduce((sum, one) => sum + one, 0);
    },
  };
}
