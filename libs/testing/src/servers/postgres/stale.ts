import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
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
  await endOrphans(data);
  rmSync(file, { force: true });
}

/**
 * Ends the sessions that a killed server left at work: each leads a process group of its own, goes on until its query is
 * done, and PostgreSQL refuses to start as long as one is there. Their working directory is the data folder.
 */
async function endOrphans(data: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const orphans = () => readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isSessionOn(data, pid));
  await eventually(
    () => {
      const left = orphans();
      left.forEach((pid) => process.kill(Number(pid), 'SIGKILL'));
      return left.length === 0;
    },
    { intervalMs: 10, label: 'the end of the sessions of a killed server' },
  );
}

function isSessionOn(data: string, pid: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === data && commandOf(Number(pid)).startsWith('postgres: ');
  } catch {
    return false;
  }
}

function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
