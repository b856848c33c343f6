import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { append, isMissing } from './files';

/** Multiparts that are joined as they arrive; of more, the oldest are joined when they are completed. */
const AT_ONCE = 256;
const BUFFER = 1024 * 1024;

/** A stored part, as the file that holds it. */
export interface PartOnDisk {
  readonly file: string;
  readonly size: number;
}

/** What this process has joined of one multipart. */
interface Joining {
  /** Part files that are joined, in their order. */
  readonly joined: string[];
  /** Part files that came before their turn, by number. */
  readonly early: Map<number, string>;
  /** Settles when all that has come in turn is joined. */
  work: Promise<void>;
}

/** `joined.{count}.{hash of the part files' names}`: another process can tell from it alone which parts it holds. */
const nameOf = (files: readonly string[]): string => {
  const names = files.map((file) => path.basename(file)).join('\n');
  return `joined.${files.length}.${createHash('sha256').update(names).digest('hex').slice(0, 32)}`;
};
const countOf = (name: string): number => Number(/^joined\.(\d+)\.[0-9a-f]{32}$/.exec(name)?.[1] ?? 0);
const hidden = (folder: string): string => path.join(folder, `joining.${randomBytes(8).toString('hex')}`);

/**
 * Joins parts into one file while the others are still on their way, so that completing a large upload does not wait for all of it to
 * be copied. The process that is sent the parts joins them, another may complete: a file that is worked on has a name that nobody else
 * knows, and whoever renames it has it to himself. What is not joined by then, or was sent again, is joined in the end.
 */
export class Joiner {
  private readonly open = new Map<string, Joining>();

  constructor(private readonly fsync: boolean) {}

  /** A part lies in the folder. Resolves when it is joined, or has to wait for others. */
  arrived(folder: string, partNumber: number, file: string): Promise<void> {
    const joining = this.open.get(folder) ?? this.begin(folder);
    // It was joined already: what is there is of no use now.
    if (partNumber <= joining.joined.length) this.forget(folder);
    else {
      joining.early.set(partNumber, file);
      // Never a reason to refuse the part: it is stored.
      joining.work = joining.work.then(() => this.goOn(folder, joining)).catch(() => this.forget(folder));
    }
    return joining.work;
  }

  /** Makes `{folder}/joined` of exactly these parts. */
  async join(folder: string, parts: readonly PartOnDisk[]): Promise<void> {
    await this.open.get(folder)?.work;
    this.open.delete(folder);
    const file = hidden(folder);
    try {
      const taken = await this.take(folder, parts, file);
      await this.append(file, parts.slice(taken).map((part) => part.file)); // prettier-ignore
    } catch (error) {
      await fs.rm(file, { force: true });
      throw error;
    }
    await fs.rename(file, path.join(folder, 'joined'));
  }

  /** Stops joining early. What was joined goes with the folder. */
  forget(folder: string): void {
    this.open.delete(folder);
  }

  private begin(folder: string): Joining {
    const [oldest] = this.open.keys();
    if (oldest !== undefined && this.open.size >= AT_ONCE) this.forget(oldest);
    const joining: Joining = { joined: [], early: new Map(), work: Promise.resolve() };
    this.open.set(folder, joining);
    return joining;
  }

  private async goOn(folder: string, { joined, early }: Joining): Promise<void> {
    for (;;) {
      const next = early.get(joined.length + 1);
      if (next === undefined) return;
      early.delete(joined.length + 1);
      const file = hidden(folder);
      try {
        if (joined.length > 0) await fs.rename(path.join(folder, nameOf(joined)), file);
        await this.append(file, [next]);
        await fs.rename(file, path.join(folder, nameOf([...joined, next])));
      } catch (error) {
        await fs.rm(file, { force: true });
        throw error;
      }
      joined.push(next);
    }
  }

  /** Takes the longest that was joined of these parts, and nothing else, as `file`. @returns how many parts it holds */
  private async take(folder: string, parts: readonly PartOnDisk[], file: string): Promise<number> {
    const names = (await fs.readdir(folder)).filter((name) => countOf(name) > 0);
    for (const name of names.sort((a, b) => countOf(b) - countOf(a))) {
      const held = parts.slice(0, countOf(name));
      if (nameOf(held.map((part) => part.file)) !== name) continue;
      try {
        await fs.rename(path.join(folder, name), file);
      } catch (error) {
        if (isMissing(error)) continue; // somebody goes on with it
        throw error;
      }
      if ((await fs.stat(file)).size === held.reduce((sum, { size }) => sum + size, 0)) return held.length;
      await fs.rm(file);
    }
    return 0;
  }

  private async append(file: string, parts: readonly string[]): Promise<void> {
    const target = await fs.open(file, 'a');
    try {
      const buffer = Buffer.allocUnsafe(BUFFER);
      for (const part of parts) await append(target, part, buffer);
      if (this.fsync) await target.datasync();
    } finally {
      await target.close();
    }
  }
}
