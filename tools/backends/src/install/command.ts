import { spawn } from 'node:child_process';

/** A program that ended badly, with its last words. */
export class CommandFailed extends Error {
  override name = 'CommandFailed';
}

const TAIL = 4_000;

/** Runs a program of a toolchain to its end, at low priority; its output is kept for the case that it fails. */
export function run(
  command: string,
  args: readonly string[],
  { cwd, env = {}, signal }: { cwd: string; env?: Record<string, string>; signal?: AbortSignal },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('nice', ['-n', '5', command, ...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signal && { signal }),
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes: Buffer) => (output = (output + bytes.toString()).slice(-TAIL)));
    child.once('error', reject);
    child.once('close', (status) =>
      status === 0
        ? resolve(output)
        : reject(new CommandFailed(`${[command, ...args].join(' ')} ended with status ${status}\n${output}`)),
    );
  });
}
