import { spawn } from 'node:child_process';
import { cpuBelow } from './processes';

export interface Cost {
  /** Seconds of all processes below this one, and of this one. */
  readonly cpu: number;
  readonly wall: number;
}

/** What some work costs. */
export async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const [cpu, at] = [cpuBelow(), performance.now()];
  await work();
  return { cpu: cpuBelow() - cpu, wall: (performance.now() - at) / 1000 };
}

/** Runs a program to its end. */
export const run = (command: string, args: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with status ${code}`))));
  });
