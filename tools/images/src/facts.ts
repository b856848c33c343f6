import { workspaceRoot } from '@kinora/testing';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { run } from './run';

/** What all images of one build have in common. */
export interface Facts {
  readonly version: string;
  /** The commit; with `-dirty` when there are changes besides. Undefined without git. */
  readonly revision: string | undefined;
  /** Where the source code is; undefined where nobody said so. */
  readonly source: string | undefined;
  /** Seconds: the commit's time, so that two builds of it are the same to the byte. */
  readonly epoch: number;
}

const git = (...args: string[]): Promise<string | undefined> =>
  run('git', ['-C', workspaceRoot, ...args]).then(
    (text) => text.trim(),
    () => undefined,
  );

/** An address that anybody may see: without user and password, and not an SSH one. */
export function publicAddress(remote: string | undefined): string | undefined {
  const https = remote?.replace(/^(?:ssh:\/\/)?git@([^:/]+)[:/]/, 'https://$1/');
  if (!https?.startsWith('https://')) return undefined;
  const url = new URL(https);
  return `https://${url.host}${url.pathname.replace(/\.git$/, '')}`;
}

/** Reads them from git and the environment; `KINORA_SOURCE_URL` and `SOURCE_DATE_EPOCH` take precedence. */
export async function gatherFacts(tag: string | undefined, env: NodeJS.ProcessEnv = process.env): Promise<Facts> {
  const { version } = JSON.parse(readFileSync(path.join(workspaceRoot, 'package.json'), 'utf8')) as { version: string };
  const [commit, time, changes, remote] = await Promise.all([
    git('rev-parse', 'HEAD'),
    git('log', '-1', '--format=%ct'),
    git('status', '--porcelain', '--untracked-files=no'),
    git('remote', 'get-url', 'origin'),
  ]);
  return {
    version: tag ?? version,
    revision: commit === undefined ? undefined : `${commit}${changes ? '-dirty' : ''}`,
    source: env['KINORA_SOURCE_URL'] || publicAddress(remote),
    epoch: Number(env['SOURCE_DATE_EPOCH'] || time || 0),
  };
}
