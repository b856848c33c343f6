import { freshDir, nodeBinary, reapWithMe, releaseFromReaper, workspaceRoot } from '@kinora/testing';
import { spawn } from 'node:child_process';
import { globSync, rmSync } from 'node:fs';
import path from 'node:path';
import { makeCgroup, removeCgroups } from './src/cgroups';
import { buildImages, FIRST } from './src/images';
import { crds } from './src/install/crds';
import { helm } from './src/install/helm';
import { kubeRouter } from './src/install/kube-router';
import { kubernetes } from './src/install/kubernetes';
import { pause } from './src/install/pause';
import { parseOptions, USAGE } from './src/options';
import { type Setup } from './src/setup';
import { whyNot } from './src/why-not';

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort());
if (process.channel) process.on('disconnect', () => stop.abort());

/** What the process inside may take to end what it started. */
const GRACE_MS = 15_000;

/** Makes sure that a part is there; one line says how. */
async function install<T>(part: {
  name: string;
  version: string;
  install: (signal: AbortSignal) => Promise<T>;
}): Promise<T> {
  stop.signal.throwIfAborted();
  const began = performance.now();
  const result = await part.install(stop.signal);
  const took = (performance.now() - began) / 1000;
  console.log(`${part.name} ${part.version}: ${took > 1 ? `installed in ${took.toFixed(1)} s` : 'there'}`);
  return result;
}

/** The suites, in their order (their names begin with a number), whose names hold one of the words. */
const findSuites = (words: readonly string[]): string[] =>
  globSync('tools/cluster/test/*.cluster.spec.ts', { cwd: workspaceRoot })
    .filter((file) => words.length === 0 || words.some((word) => path.basename(file).includes(word)))
    .sort();

/** Runs inside.ts as the first process of namespaces of its own; its status. */
async function runInside(setup: Setup): Promise<number> {
  const namespaces = ['--pid', '--fork', '--kill-child', '--mount', '--mount-proc', '--net', '--ipc', '--uts'];
  const inside = ['--import', 'tsx', path.join(workspaceRoot, 'tools/cluster/inside.ts'), JSON.stringify(setup)];
  const child = spawn('unshare', [...namespaces, nodeBinary(), ...inside], {
    cwd: workspaceRoot,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  const { pid = 0 } = child;
  reapWithMe(pid, 'SIGTERM');
  const tell = (signal: NodeJS.Signals): void => {
    try {
      process.kill(-pid, signal);
    } catch {
      // It has ended.
    }
  };
  const end = (): void => {
    tell('SIGTERM');
    setTimeout(() => tell('SIGKILL'), GRACE_MS).unref();
  };
  stop.signal.addEventListener('abort', end, { once: true });
  const status = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
  releaseFromReaper(pid);
  return status;
}

async function main(args: string[]): Promise<number> {
  const options = parseOptions(args);
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const suites = options.keep ? [] : findSuites(options.suites);
  const reason = whyNot({ platform: process.platform, arch: process.arch, uid: process.getuid?.() });
  if (reason !== undefined) {
    console.log(`Skipped, because ${reason}.\n\n0 passed, 0 failed, ${suites.length} skipped`);
    // On a machine that is there to test, what was not tested is not fine.
    return process.env['CI'] === 'true' ? 1 : 0;
  }
  const programs = {
    ...(await install(kubernetes)),
    ...(await install(helm)),
    'kube-router': await install(kubeRouter),
  };
  const pauseImage = await install(pause);
  const definitions = await install(crds);
  if (options.install) return 0;
  removeCgroups();
  const state = freshDir('kinora-cluster');
  try {
    const archive =
      options.images ??
      (await install({
        name: 'Images',
        version: FIRST,
        install: (signal) => buildImages(FIRST, path.join(state, 'images'), signal),
      }));
    const cgroup = makeCgroup(process.pid);
    return await runInside({ state, cgroup, programs, pauseImage, crds: definitions, archive, suites });
  } finally {
    rmSync(state, { recursive: true, force: true });
    removeCgroups();
  }
}

main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
