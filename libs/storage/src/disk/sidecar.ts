import fs from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { contentTypeOf } from '../content-type';
import { isMissing, temporary, withParent } from './files';

const Sidecar = z.object({ contentType: z.string(), cacheControl: z.string().exactOptional() });
export type Metadata = z.output<typeof Sidecar>;

/**
 * Metadata of objects, as JSON files in a tree beside the objects' own. Only objects whose type their extension doesn't
 * tell, or that carry a cache policy, have one; segments don't. Extended attributes would be lost on EFS, by `cp` and by tar.
 */
export class Sidecars {
  constructor(
    private readonly dir: string,
    private readonly tmp: string,
  ) {}

  pathOf(key: string): string {
    return path.join(this.dir, `${key}.json`);
  }

  async read(key: string): Promise<Metadata> {
    try {
      const parsed = Sidecar.safeParse(JSON.parse(await fs.readFile(this.pathOf(key), 'utf8')));
      return parsed.success ? parsed.data : { contentType: contentTypeOf(key) };
    } catch (error) {
      if (isMissing(error) || error instanceof SyntaxError) return { contentType: contentTypeOf(key) };
      throw error;
    }
  }

  async write(key: string, meta: Metadata): Promise<void> {
    if (meta.contentType === contentTypeOf(key) && meta.cacheControl === undefined) return this.delete(key);
    const temp = temporary(this.tmp);
    await withParent(temp, () => fs.writeFile(temp, JSON.stringify(meta)));
    await withParent(this.pathOf(key), () => fs.rename(temp, this.pathOf(key)));
  }

  async delete(key: string): Promise<void> {
    await fs.rm(this.pathOf(key), { force: true });
  }

  async deletePrefix(prefix: string): Promise<void> {
    await fs.rm(path.join(this.dir, prefix), { recursive: true, force: true, maxRetries: 3 });
  }
}
