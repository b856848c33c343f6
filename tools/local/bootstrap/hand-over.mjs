import { spawnSync } from 'node:child_process';
import { readFileSync, renameSync } from 'node:fs';
import path from 'node:path';

const encoded = (file) => `file://${file.split('/').map(encodeURIComponent).join('/')}`;

/** Node's arguments for a command that is compiled as it is loaded. */
const asSource = (root, entry) => [
  '--import',
  encoded(path.join(root, 'node_modules/tsx/dist/loader.mjs')),
  path.join(root, entry),
];

/** Bundles a command that stays: it starts a second sooner so, and no compiler stays in memory beside the platform. */
function asBundle(root, entry) {
  const target = path.join(root, 'dist/tools', path.dirname(path.dirname(entry)).split('/').at(-1), 'main.js');
  const half = `${target}.${process.pid}.js`;
  const options = [
    '--bundle',
    '--platform=node',
    '--target=node24',
    '--format=cjs',
    '--external:pg-native',
    '--minify-whitespace',
    '--legal-comments=none',
    '--tsconfig=tsconfig.base.json',
    '--log-level=error',
  ];
  const { status } = spawnSync(path.join(root, 'node_modules/.bin/esbuild'), [entry, ...options, `--outfile=${half}`], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw Object.assign(new Error(`${entry} could not be compiled`), { status: 5 });
  renameSync(half, target);
  return ['--optimize-for-size', '--max-semi-space-size=1', target];
}

/**
 * npm may be killed without a chance to say so; between it and us there may be a shell, which then lives on. Both show in
 * whose child one is.
 */
function onceOrphaned(then) {
  const parentOf = (pid) => {
    try {
      return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')[1];
    } catch {
      return undefined; // another system than Linux: only our own parent is looked at
    }
  };
  const [parent, grandparent] = [process.ppid, parentOf(process.ppid)];
  return () => (process.ppid !== parent || parentOf(parent) !== grandparent) && then();
}

/**
 * Runs the real command on Kinora's own Node and leaves with its status. Signals are passed on; the channel to it
 * closes with this process, however that ends, which tells it to stop.
 */
export async function handOver({ root, entry, bundled, args, env, spawn }) {
  const bin = path.join(root, 'node_modules/.bin');
  const searchPath = `${bin}${path.delimiter}${process.env.PATH ?? ''}`;
  const program = bundled ? asBundle(root, entry) : asSource(root, entry);
  const child = spawn(path.join(root, 'node_modules/node/bin/node'), [...program, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      ...env,
      PATH: searchPath,
      KINORA_WORKSPACE: root,
      TSX_TSCONFIG_PATH: path.join(root, 'tsconfig.base.json'),
      NX_DAEMON: 'false',
      NX_TUI: 'false',
    },
  });
  child.channel?.unref();
  // A terminal sends Ctrl-C to all of us; the command shuts down in order, and this process waits for it.
  process.on('SIGINT', () => undefined);
  process.on('SIGHUP', () => child.kill('SIGTERM'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const watch =
    process.env.npm_lifecycle_event &&
    setInterval(
      onceOrphaned(() => child.kill('SIGTERM')),
      1_500,
    );
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('exit', (...exit) => resolve(exit));
    child.once('error', reject);
  });
  clearInterval(watch);
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
}
