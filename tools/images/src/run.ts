import { spawn } from 'node:child_process';

export class CommandFailed extends Error {
  override name = 'CommandFailed';
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
}

/** Runs a program to its end and returns what it wrote to stdout. @throws with the end of its output when it fails */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const all: Buffer[] = [];
    child.stdout?.on('data', (data: Buffer) => void (out.push(data), all.push(data)));
    child.stderr?.on('data', (data: Buffer) => all.push(data));
    child.stdin?.end(options.input);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(Buffer.concat(out).toString());
      const tail = Buffer.concat(all).toString().trimEnd().split('\n').slice(-30).join('\n');
      reject(new CommandFailed(`${command} ${args[0] ?? ''} failed (${signal ?? code}):\n${tail}`));
    });
  });
}

/** Whether a program is there and ends with 0. */
export const succeeds = (command: string, args: readonly string[]): Promise<boolean> =>
  run(command, args).then(
    () => true,
    () => false,
  );
