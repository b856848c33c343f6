import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const stampOf = (root) => path.join(root, 'node_modules/.kinora-lock');

/** What node_modules must have been made from: the lock, and the machine that its binaries are for. */
export const wantedStamp = (root) =>
  createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');

/** Whether node_modules is what the lock file says. */
export function isInstalled(root) {
  if (
    !existsSync(path.join(root, 'node_modules/node/bin/node')) ||
    !existsSync(path.join(root, 'node_modules/.package-lock.json'))
  )
    return false;
  const stamp = stampOf(root);
  if (existsSync(stamp)) return readFileSync(stamp, 'utf8') === wantedStamp(root);
  // Somebody ran `npm ci` by hand: npm's own record tells whether that was for this lock.
  const { packages: have } = JSON.parse(readFileSync(path.join(root, 'node_modules/.package-lock.json'), 'utf8'));
  const { packages: want } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(want).every(
    ([name, { version, optional }]) => name === '' || (have[name] ? have[name].version === version : optional === true),
  );
}

/** Runs `npm ci` where node_modules is missing or is not what the lock file says. */
export async function installModules(root) {
  if (!isInstalled(root)) {
    console.error('Installing packages (npm ci); this takes a minute or two the first time …');
    const npm = process.env.npm_execpath;
    const [command, args] = npm && /\.[cm]?js$/.test(npm) ? [process.execPath, [npm]] : ['npm', []];
    // Its output goes to stderr: stdout belongs to the command that was asked for.
    const { status, error } = spawnSync(command, [...args, 'ci', '--no-audit', '--no-fund', '--prefer-offline'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
    });
    if (status !== 0)
      throw Object.assign(new Error(`npm ci failed${error ? `: ${error.message}` : ''}. Nothing was started.`), {
        status: 3,
      });
  }
  writeFileSync(stampOf(root), wantedStamp(root));
}
