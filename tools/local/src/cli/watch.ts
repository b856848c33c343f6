import { createHash } from 'node:crypto';
import { existsSync, readFileSync, watch } from 'node:fs';
import path from 'node:path';
import { nodeBinary, startChild, workspaceRoot } from '@kinora/testing';
import { bundleOf } from '../platform/build';
import { type Platform } from '../platform/platform';
import { isService, type ServiceName, SERVICES } from '../platform/services';
import { type Reporter } from './reporter';

export interface WatchOptions {
  platform: Platform;
  reporter: Reporter;
  signal: AbortSignal;
}

/** Changes that come within this time of each other are one (editors write a file in several steps). */
const SETTLED_MS = 150;

/**
 * `npm run dev`: bundles again what a changed file is part of, and restarts the services whose bundle is another one
 * now. The single-page application is rebuilt by Vite's own watch.
 */
export function watchSources({ platform, reporter, signal }: WatchOptions): void {
  const changed = new Set<ServiceName>();
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();
  const note = (folder: string) => (_event: string, name: string | null) => {
    if (name === null || /(^|\/)(node_modules|dist|test)\/|\.spec\.tsx?$|~$/.test(name)) return;
    for (const service of affected(path.join(folder, name))) changed.add(service);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const services = [...changed];
      changed.clear();
      working = working
        .then(() => rebuild(services))
        .catch((error: unknown) => reporter.tell({ step: 'watch-failed' }, String(error)));
    }, SETTLED_MS);
  };
  for (const folder of ['apps', 'libs'])
    watch(path.join(workspaceRoot, folder), { recursive: true, signal }, note(folder));
  if (existsSync(path.join(workspaceRoot, 'apps/web/index.html'))) buildWebContinuously(platform, signal);
  reporter.tell({ step: 'watching' }, 'Watching apps/ and libs/ for changes.');

  async function rebuild(services: readonly ServiceName[]): Promise<void> {
    const results = await Promise.all(services.map(async (name) => [name, await bundle(name)] as const));
    for (const [name, result] of results) {
      if (result === 'same') continue;
      if (result !== 'changed') {
        reporter.tell(
          { step: 'build-failed', service: name },
          `! ${name} does not build; the old one keeps running:\n${result.problem}`,
        );
        continue;
      }
      const since = Date.now();
      await platform.services[name].restart();
      reporter.tell(
        { step: 'restarted', service: name, ms: Date.now() - since },
        `${name} restarted (${Date.now() - since} ms)`,
      );
    }
  }
}

/** The services that a file (relative to the workspace) may be part of. */
export function affected(file: string): ServiceName[] {
  const [kind, project = ''] = file.split(path.sep);
  if (kind === 'apps') return isService(project) && (project !== 'web' || file.includes('server')) ? [project] : [];
  return SERVICES.filter((name) => name !== 'web');
}

async function bundle(name: ServiceName): Promise<'same' | 'changed' | { problem: string }> {
  const hash = () =>
    existsSync(bundleOf(name))
      ? createHash('sha256')
          .update(readFileSync(bundleOf(name)))
          .digest('hex')
      : '';
  const before = hash();
  // The web server is a project inside another one, with a build of its own.
  const command =
    name === 'web' ? ['node_modules/nx/dist/bin/nx.js', 'run', 'web-server:build'] : ['tools/build/service.mjs', name];
  const [script = '', ...rest] = command;
  const child = startChild({
    name: `build ${name}`,
    command: nodeBinary(),
    args: [path.join(workspaceRoot, script), ...rest],
    cwd: workspaceRoot,
  });
  const { code } = await child.exited;
  if (code !== 0) return { problem: child.tail() };
  return hash() === before ? 'same' : 'changed';
}

function buildWebContinuously(platform: Platform, signal: AbortSignal): void {
  const vite = startChild({
    name: 'vite',
    command: nodeBinary(),
    args: [
      path.join(workspaceRoot, 'node_modules/vite/bin/vite.js'),
      'build',
      'apps/web',
      '--watch',
      '--mode',
      'development',
    ],
    cwd: workspaceRoot,
    logFile: path.join(platform.dataDir, 'logs/vite.log'),
  });
  signal.addEventListener('abort', () => void vite.stop(2_000), { once: true });
}
