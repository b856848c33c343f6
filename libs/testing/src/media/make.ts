import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { cacheDir } from '../fresh-dir';
import { program } from '../process/programs';

/** How a test file is made. Equal recipes are the same file. */
export interface Recipe {
  /** The file's name, e.g. `portrait.mp4`; its extension chooses the container. */
  name: string;
  /** What ffmpeg gets before the output file. */
  args: readonly string[];
  /** Anything else that the content depends on. */
  salt?: string;
}

const making = new Map<string, Promise<string>>();

/** Runs `produce` once per key, ever, and returns the file; safe to call from several processes at a time. */
export function cached(key: unknown, name: string, produce: (file: string) => Promise<void>): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 16);
  const file = path.join(cacheDir('media', hash), name);
  if (existsSync(file)) return Promise.resolve(file);
  const running = making.get(file);
  if (running) return running;
  const made = (async () => {
    const half = path.join(path.dirname(file), `.${process.pid}-${name}`);
    try {
      await produce(half);
      renameSync(half, file);
    } finally {
      rmSync(half, { force: true });
      making.delete(file);
    }
    return file;
  })();
  making.set(file, made);
  return made;
}

/** Makes the file of a recipe with ffmpeg, or finds it in the cache. */
export const makeMedia = (recipe: Recipe): Promise<string> =>
  cached(recipe, recipe.name, (file) => ffmpeg([...recipe.args, file]));

/** Runs ffmpeg, quietly; its complaints are in the error. */
export async function ffmpeg(args: readonly string[]): Promise<void> {
  const options = { maxBuffer: 16 << 20 };
  await promisify(execFile)(program('ffmpeg'), ['-nostdin', '-hide_banner', '-v', 'error', '-y', ...args], options);
}
