import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { workspaceRoot } from '@kinora/testing';
import { CommandFailed } from './cluster';

/** The shell commands under a heading of docs/kubernetes.md, as they stand there. */
export function documented(heading: string): string {
  const page = readFileSync(path.join(workspaceRoot, 'docs/kubernetes.md'), 'utf8');
  const [, section] = page.split(new RegExp(`^#+ ${heading}$`, 'm'));
  const block = section && /```sh\n(.*?)```/s.exec(section)?.[1];
  if (block === undefined) throw new Error(`docs/kubernetes.md has no commands under "${heading}"`);
  return block;
}

/** Runs commands as a person at a terminal would, in a folder; ends at the first that fails. */
export function atTerminal(commands: string, cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', commands], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
    child.once('error', reject);
    child.once('close', (status) =>
      status === 0 ? resolve(said) : reject(new CommandFailed(`status ${status} of\n${commands}\n${said}`)),
    );
  });
}
