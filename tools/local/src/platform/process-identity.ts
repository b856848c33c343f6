import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process id alone is soon somebody else's; with its start time it names one process. */
export interface ProcessIdentity {
  pid: number;
  /** Opaque; empty when the process is gone. */
  started: string;
}

export const identityOf = (pid: number): ProcessIdentity => ({ pid, started: startOf(pid) });

export const isAlive = ({ pid, started }: ProcessIdentity): boolean => started !== '' && startOf(pid) === started;

function startOf(pid: number): string {
  try {
    if (process.platform !== 'linux')
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    // proc(5): the name, in parentheses, may hold anything; state is field 3, the start time field 22.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return fields[0] === 'Z' ? '' : (fields[19] ?? '');
  } catch {
    return '';
  }
}
