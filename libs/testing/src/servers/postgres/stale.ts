import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../../eventually';

/**
 * Clears what a server that was killed left behind. PostgreSQL takes any live process with the recorded id for a
 * running server; after a crash (or a reboot) that id may be anybody's. A server that does still run on this data is
 * stopped: whoever owned it is gone, since the caller holds the data folder's lock.
 */
export async function clearStaleServer(data: string): Promise<void> {
  const file = path.join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (pid > 1 && commandOf(pid).includes(data)) {
    process.kill(pid, 'SIGINT');
    await eventually(() => !commandOf(pid).includes(data), { timeoutMs: 8_000 }).catch(() =>
      process.kill(pid, 'SIGKILL'),
    );
    await eventually(() => !commandOf(pid).includes(data), { label: `the end of the old server ${pid}` });
  }
  rmSync(file, { force: true });
}

function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
