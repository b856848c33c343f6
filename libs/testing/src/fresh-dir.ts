import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removeWithMe } from './process/reaper';

/** A new empty folder that is deleted when this process is gone. */
export function freshDir(prefix = 'kinora'): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), `${prefix}-`)));
  removeWithMe(folder);
  return folder;
}

/** Where things live that are costly to make and safe to lose (`KINORA_CACHE_DIR`, or ~/.cache/kinora). */
export function cacheDir(...parts: string[]): string {
  const home = process.env['KINORA_CACHE_DIR'] ?? path.join(process.env['HOME'] ?? tmpdir(), '.cache', 'kinora');
  const folder = path.join(home, ...parts);
  mkdirSync(folder, { recursive: true });
  return folder;
}
