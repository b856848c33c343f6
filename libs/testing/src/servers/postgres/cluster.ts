import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { postgresHome } from './binaries';
import { type Unprivileged, unprivilegedUser } from './unprivileged';

/** A database cluster on disk, initialised and ready to be started. */
export interface Cluster {
  /** PostgreSQL's data directory. */
  data: string;
  password: string;
  home: string;
  user: Unprivileged | undefined;
}

interface Instance {
  id: string;
  data: string;
  password: string;
}

/** Where the clusters of root's data folders live, which `nobody` may not be able to enter. */
const SHARED = '/var/lib/kinora';

/**
 * Opens the cluster of a data folder, or makes one (with the programs of `foreignHome`, if given). The folder holds `instance.json` (0600), which says where the cluster is;
 * a folder without it starts afresh, and what an earlier folder of the same path left elsewhere is deleted.
 */
export async function openCluster(folder: string, foreignHome?: string): Promise<Cluster> {
  const user = unprivilegedUser();
  const home = foreignHome ?? postgresHome(user);
  // Built in: the same order of letters on every machine, and no system locale needed. Only since PostgreSQL 17.
  const locale = [...(foreignHome ? [] : ['--locale-provider=builtin']), '--locale=C.UTF-8'];
  mkdirSync(folder, { recursive: true });
  const known = readInstance(folder);
  if (known) return { data: known.data, password: known.password, home, user };

  const id = randomBytes(6).toString('hex');
  const parent = user ? path.join(SHARED, id) : folder;
  if (user) {
    removeClustersOf(folder);
    mkdirSync(SHARED, { recursive: true, mode: 0o755 });
    mkdirSync(parent, { mode: 0o700 });
    writeFileSync(path.join(SHARED, `${id}.owner`), folder);
    chownSync(parent, user.uid, user.gid);
  }
  const instance: Instance = {
    id,
    data: path.join(parent, 'cluster'),
    password: randomBytes(18).toString('base64url'),
  };
  rmSync(instance.data, { recursive: true, force: true });
  await initialise(home, instance, user, locale);
  const file = path.join(folder, 'instance.json');
  writeFileSync(`${file}.new`, JSON.stringify(instance), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return { data: instance.data, password: instance.password, home, user };
}

function readInstance(folder: string): Instance | undefined {
  const file = path.join(folder, 'instance.json');
  if (!existsSync(file)) return undefined;
  const instance = JSON.parse(readFileSync(file, 'utf8')) as Instance;
  return existsSync(path.join(instance.data, 'PG_VERSION')) ? instance : undefined;
}

/** Deletes what `openCluster` put elsewhere for an earlier folder of this path, and for temporary folders that are gone. */
function removeClustersOf(folder: string): void {
  if (!existsSync(SHARED)) return;
  for (const name of readdirSync(SHARED).filter((entry) => entry.endsWith('.owner'))) {
    const owner = readFileSync(path.join(SHARED, name), 'utf8');
    if (owner !== folder && !(owner.startsWith(tmpdir()) && !existsSync(owner))) continue;
    rmSync(path.join(SHARED, path.basename(name, '.owner')), { recursive: true, force: true });
    rmSync(path.join(SHARED, name), { force: true });
  }
}

/** What to delete so that nothing of a cluster stays behind. */
export function clusterPaths(folder: string): string[] {
  const instance = readInstance(folder);
  if (!instance?.data.startsWith(`${SHARED}/`)) return [folder];
  return [folder, path.dirname(instance.data), `${path.dirname(instance.data)}.owner`];
}

async function initialise(
  home: string,
  { data, password }: Instance,
  user: Unprivileged | undefined,
  locale: readonly string[],
): Promise<void> {
  const passwordFile = `${data}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) chownSync(passwordFile, user.uid, user.gid);
  try {
    await promisify(execFile)(
      path.join(home, 'bin/initdb'),
      [
        ...['-D', data, '-U', 'kinora', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8'],
        ...[...locale, '--no-sync', '--no-instructions'],
      ],
      { ...user, cwd: '/', env: { PATH: process.env['PATH'], TZ: 'UTC', LC_ALL: 'C' } },
    );
    chmodSync(data, 0o700);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}
