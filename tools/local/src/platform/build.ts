import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { nodeBinary, startChild, workspaceRoot } from '@kinora/testing';
import { type ServiceName, SERVICES } from './services';

export class BuildFailed extends Error {
  override name = 'BuildFailed';
}

const SOURCES = ['apps', 'libs', 'tools/build', 'tsconfig.base.json', 'package-lock.json'];
const STAMP = path.join(workspaceRoot, 'dist/.kinora-build');

export const bundleOf = (name: ServiceName): string => path.join(workspaceRoot, 'dist/apps', name, 'main.js');
/** Where the single-page application is built to. */
export const webRoot = path.join(workspaceRoot, 'dist/apps/web/public');

/**
 * Builds what is stale. Nx knows best, but needs seconds to find out that nothing is; so its last answer is kept
 * beside what it built, under the names, sizes and times of all sources.
 * @returns whether anything had to be done
 */
export async function buildAll(logFile: string, signal?: AbortSignal): Promise<boolean> {
  const wanted = fingerprint();
  const whole = SERVICES.every((name) => existsSync(bundleOf(name)));
  if (whole && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return false;
  const nx = path.join(workspaceRoot, 'node_modules/nx/dist/bin/nx.js');
  const child = startChild({
    name: 'build',
    command: nodeBinary(),
    args: [nx, 'run-many', '-t', 'build', '-p', SERVICES.join(','), '--parallel=2', '--outputStyle=static'],
    cwd: workspaceRoot,
    env: {
      ...process.env,
      NX_DAEMON: 'false',
      NX_TUI: 'false',
      FORCE_COLOR: '0',
      PATH: `${path.join(workspaceRoot, 'node_modules/.bin')}${path.delimiter}${process.env['PATH'] ?? ''}`,
    },
    logFile,
  });
  signal?.addEventListener('abort', () => void child.stop(1_000), { once: true });
  const { code } = await child.exited;
  signal?.throwIfAborted();
  if (code !== 0) throw new BuildFailed(`The build failed (all of it is in ${logFile}):\n${child.tail()}`);
  mkdirSync(path.dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, wanted);
  return true;
}

function fingerprint(): string {
  const hash = createHash('sha256');
  const visit = (entry: string) => {
    const stat = statSync(entry, { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory()) {
      for (const name of readdirSync(entry).sort())
        if (name !== 'node_modules' && name !== 'dist') visit(path.join(entry, name));
    } else hash.update(`${entry}\0${stat.size}\0${stat.mtimeMs}\n`);
  };
  for (const source of SOURCES) visit(path.join(workspaceRoot, source));
  return hash.digest('hex');
}
