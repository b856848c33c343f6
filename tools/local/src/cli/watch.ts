import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
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

const SCAN_MS = 600;

/**
 * `npm run dev`: bundles again what a changed file is part of, and restarts the services whose bundle is another one
 * now. The single-page application is rebuilt by Vite's own watch.
 */
export function watchSources({ platform, reporter, signal }: WatchOptions): void {
  const folders = ['apps', 'libs'].map((folder) => path.join(workspaceRoot, folder));
  let seen = fileTimes(folders);
  let working: Promise<void> = Promise.resolve();
  // Looking at every file's time is crude, but Node's recursive watch loses files that an editor replaces.
  const timer = setInterval(() => {
    const now = fileTimes(folders);
    const changed = changedFiles(seen, now).flatMap((file) => affected(path.relative(workspaceRoot, file)));
    seen = now;
    if (changed.length === 0) return;
    working = working
      .then(() => rebuild([...new Set(changed)]))
      .catch((error: unknown) => reporter.tell({ step: 'watch-failed', message: String(error) }, String(error)));
  }, SCAN_MS);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
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

/** Every source file below some folders, with the time of its last change. */
export function fileTimes(folders: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  const visit = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!['node_modules', 'dist', 'test'].includes(entry.name)) visit(file);
      } else if (/\.(ts|tsx|json|sql)$/.test(entry.name) && !/\.spec\.tsx?$/.test(entry.name)) {
        times.set(file, statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
      }
    }
  };
  for (const folder of folders) visit(folder);
  return times;
}

/** New, changed and deleted files. */
export const changedFiles = (before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): string[] => [
  ...[...after].filter(([file, time]) => before.get(file) !== time).map(([file]) => file),
  ...[...before.keys()].filter((file) => !after.has(file)),
];

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
