import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Programs that npm can't bring: under which names they are found, and in which packages they come. */
const PROGRAMS = {
  ffmpeg: { anyOf: [['ffmpeg', 'ffprobe']], apt: 'ffmpeg', brew: 'ffmpeg' },
  redis: { anyOf: [['redis-server'], ['valkey-server']], apt: 'redis-server', brew: 'redis' },
  postgres15: {
    anyOf: [['/usr/lib/postgresql/15/bin/postgres']],
    apt: 'postgresql-15',
    brew: 'postgresql@15',
    optional: true,
  },
  buildah: { anyOf: [['buildah']], apt: 'buildah', brew: 'docker' },
  podman: { anyOf: [['podman']], apt: 'podman', brew: 'podman' },
  debootstrap: { anyOf: [['debootstrap']], apt: 'debootstrap', brew: 'debootstrap' },
  chromium: {
    anyOf: [
      ['chromium'],
      ['chromium-browser'],
      ['google-chrome'],
      ['google-chrome-stable'],
      ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
    ],
    apt: 'chromium',
    brew: '--cask google-chrome',
    optional: true,
  },
  // A node of Kubernetes: Linux only, and whoever lacks them skips `npm run test:cluster`.
  ...Object.fromEntries(
    [
      ['containerd'],
      ['runc'],
      ['cni', 'containernetworking-plugins', '/usr/lib/cni/ptp'],
      ['iptables'],
      ['ipset'],
      ['conntrack'],
      ['ip', 'iproute2'],
      ['openssl'],
      ['unzip'],
    ].map(([name, apt = name, file = name]) => [name, { anyOf: [[file]], apt, optional: true }]),
  ),
};

const searchPath = [process.env.PATH ?? '', '/usr/local/bin', '/usr/bin', '/usr/sbin', '/opt/homebrew/bin'].join(
  path.delimiter,
);

function find(name, folders = searchPath) {
  return folders
    .split(path.delimiter)
    .map((folder) => path.resolve(folder || '.', name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

const present = ({ anyOf }, folders) => anyOf.find((names) => names.every((name) => find(name, folders)));

/** How this process may install system packages: as root, through sudo without a password, or not at all. */
function aptPrefix(folders) {
  if (process.platform !== 'linux' || !find('apt-get', folders)) return undefined;
  if (process.getuid?.() === 0) return [];
  return find('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0
    ? ['sudo', '-n']
    : undefined;
}

function apt(prefix, packages) {
  const run = (args) => {
    const [command, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    return spawnSync(command, rest, { stdio: ['ignore', 'ignore', 2] }).status === 0;
  };
  console.error(`Installing ${packages.join(', ')} (apt-get) …`);
  // Another apt at work (a fresh machine updates itself) is waited for, not an error. Stale lists may do for what is wanted.
  const patient = ['-o', 'DPkg::Lock::Timeout=300', '-qq'];
  run([...patient, 'update']);
  return run([...patient, 'install', '-y', '--no-install-recommends', ...packages]);
}

/**
 * Makes sure that the named programs are there (in one of `folders`, a list like PATH's); returns the environment that tells the command about them.
 * @throws with the command that a person must run, where this process may not
 */
export async function installPrograms(needs, { folders = searchPath } = {}) {
  const wanted = needs.map((need) => PROGRAMS[need]);
  const missing = () => wanted.filter((program) => !present(program, folders));
  const first = missing();
  if (first.length > 0) {
    const prefix = aptPrefix(folders);
    const packages = first.map((program) => program.apt);
    // One by one after a failure: that a browser can't be had must not cost us ffmpeg.
    if (prefix && !apt(prefix, packages) && packages.length > 1) for (const name of packages) apt(prefix, [name]);
    const still = missing();
    const required = still.filter((program) => !program.optional);
    if (required.length > 0) {
      const command =
        process.platform === 'darwin'
          ? `brew install ${required.map((p) => p.brew).join(' ')}`
          : `sudo apt-get install -y --no-install-recommends ${required.map((p) => p.apt).join(' ')}`;
      throw Object.assign(
        new Error(
          `Kinora needs ${required.map((p) => p.anyOf.map((names) => names.join(' and ')).join(' or ')).join(', ')}, and may not install it here. Please run:\n\n    ${command}\n`,
        ),
        { status: 4 },
      );
    }
  }
  if (!needs.includes('chromium')) return {};
  const browser = present(PROGRAMS.chromium, folders)?.[0];
  return browser
    ? { KINORA_CHROMIUM: find(browser, folders) }
    : { KINORA_CHROMIUM_MISSING: 'no Chromium is installed and it could not be installed (apt-get install chromium)' };
}
