// Every command of package.json that runs Kinora or tests it begins here, on whatever Node the machine has and with nothing installed:
// everything is checked and brought here, then the real command runs on Kinora's own Node.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { checkNode } from './bootstrap/node-version.mjs';
import { installModules } from './bootstrap/modules.mjs';
import { installPrograms } from './bootstrap/programs.mjs';
import { handOver } from './bootstrap/hand-over.mjs';

const root = path.resolve(
  import.meta.dirname ?? path.dirname(decodeURIComponent(new URL(import.meta.url).pathname)),
  '../..',
);
const [command = 'start', ...args] = process.argv.slice(2);
const entries = {
  start: 'tools/local/src/main.ts',
  dev: 'tools/local/src/main.ts',
  test: 'tools/local/src/main.ts',
  faults: 'tools/local/src/main.ts',
  bench: 'tools/bench/main.ts',
  backends: 'tools/backends/main.ts',
  cluster: 'tools/cluster/main.ts',
  'check:chart': 'tools/charts/main.ts',
  'docs:aws': 'tools/backends/docs.ts',
  alerts: 'tools/observability/main.ts',
  images: 'tools/images/main.ts',
};

/** Leaves with a sentence for a person; the status says which step it was. */
function fail(problem) {
  console.error(problem.message);
  process.exit(problem.status ?? 1);
}

const needs = {
  start: ['ffmpeg', 'redis'],
  dev: ['ffmpeg', 'redis'],
  bench: ['ffmpeg', 'redis'],
  test: ['ffmpeg', 'redis', 'chromium'],
  faults: ['ffmpeg', 'redis'],
  backends: ['ffmpeg', 'redis', 'postgres15'],
  cluster: ['containerd', 'runc', 'cni', 'iptables', 'ipset', 'conntrack', 'ip', 'openssl', 'unzip', 'ffmpeg'],
  'docs:aws': [],
  alerts: [],
  'check:chart': ['unzip'],
  // buildah or docker, and debootstrap: what of these is needed shows later.
  images: [],
};
if (!(command in entries))
  fail({ message: `there is no command "${command}"; it is one of ${Object.keys(entries).join(', ')}`, status: 2 });

try {
  checkNode();
  const help = args.includes('--help') || args.includes('-h');
  // `npm test -- catalog` needs no browser.
  const browser = args.length === 0 || args.some((arg) => ['e2e', 'web', 'player', 'ui'].includes(arg));
  await installModules(root);
  const missing = help ? {} : await installPrograms(needs[command].filter((need) => need !== 'chromium' || browser));
  await handOver({
    root,
    entry: entries[command],
    bundled: command === 'start' || command === 'dev',
    // The platform's own program has several commands; every other program is one.
    args: entries[command] === entries.start ? [command, ...args] : args,
    env: missing,
    spawn,
  });
} catch (error) {
  if (error instanceof Error && 'status' in error) fail(error);
  throw error;
}
