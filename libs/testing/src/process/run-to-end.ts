import { spawn, type StdioOptions } from 'node:child_process';
import { nodeBinary, workspaceRoot } from './programs';
import { reapWithMe, releaseFromReaper } from './reaper';

export interface RunToEndOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Ends the program and all that it started. */
  readonly signal: AbortSignal;
  readonly stdio: StdioOptions;
}

/**
 * Runs a program of ours on our Node, in the workspace's folder, and waits for it; it can't outlive this process.
 * @returns its status; 1 where a signal ended it
 */
export async function runToEnd(args: readonly string[], { env, signal, stdio }: RunToEndOptions): Promise<number> {
  const child = spawn(nodeBinary(), args, { cwd: workspaceRoot, env, stdio, detached: true });
  const { pid } = child;
  if (pid !== undefined) reapWithMe(pid, 'SIGTERM');
  const end = (): void => void (pid !== undefined && process.kill(-pid, 'SIGTERM'));
  signal.addEventListener('abort', end, { once: true });
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? 1));
    });
  } finally {
    signal.removeEventListener('abort', end);
    if (pid !== undefined) releaseFromReaper(pid);
  }
}
