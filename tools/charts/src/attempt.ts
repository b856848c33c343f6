import { workspaceRoot } from '@kinora/testing';
import { spawn } from 'node:child_process';

export interface Attempt {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a checker to its end. It may well end with another status than 0: that is what it is for. */
export function attempt(
  command: string,
  args: readonly string[],
  {
    signal,
    env = {},
    cwd = workspaceRoot,
    input,
  }: { signal: AbortSignal; env?: Record<string, string>; cwd?: string; input?: string },
): Promise<Attempt> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      signal,
    });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].on('data', (bytes: Buffer) => (output[name] += bytes.toString()));
    child.once('error', reject);
    child.once('close', (status) => resolve({ status: status ?? 1, ...output }));
    // One that ends without reading is no error of ours.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
