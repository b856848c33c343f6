import { spawn } from 'node:child_process';
import { type Running } from './engine';

/**
 * Starts a program as the first process of a container.
 * @param terminate sends SIGTERM to that process, given the one that was started here
 */
export function startProcess(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  terminate: (pid: number) => void,
): Running & { kill(): void } {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const more = new Set<() => void>();
  const note = (data?: Buffer): void => {
    output += data?.toString() ?? '';
    for (const wake of more) wake();
  };
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
  ended.then(
    () => note(),
    () => note(),
  );
  return {
    printed: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (output.includes(text)) resolve();
          else if (child.exitCode !== null)
            reject(new Error(`it ended with ${child.exitCode}:\n${output.slice(-2000)}`));
          else return;
          more.delete(look);
        };
        more.add(look);
        look();
      }),
    stop() {
      if (child.pid !== undefined) terminate(child.pid);
      return ended;
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
