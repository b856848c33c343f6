import { type Hash, createHash, randomBytes } from 'node:crypto';
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
  /** Parts that are joined: those from 1 to this. */
  count: number;
  /** Of the names of their files. */
  readonly hash: Hash;
  /** Of the file that holds them; undefined while there are none. */
  file: string | undefined;
  /** Part files that came before their turn, by number. */
  readonly early: Map<number, string>;
  /** Settles when all that has come in turn is joined. */
  work: Promise<void>;
}

/** `joined.{count}.{hash of the part files' names}`: another process can tell from it alone which parts it holds. */
const nameAfter = (hash: Hash, file: string, count: number): string =>
  `joined.${count}.${hash
    .update(`${path.basename(file)}\n`)
    .copy()
    .digest('hex')
    .slice(0, 32)}`;
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
    if (partNumber <= joining.count) this.forget(folder);
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
      const rest = parts.slice(taken);
      await this.append(
        file,
        rest.map((part) => part.file),
      );
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
    const joining: Joining = {
      ...{ count: 0, hash: createHash('sha256'), file: undefined },
      ...{ early: new Map<number, string>(), work: Promise.resolve() },
    };
    this.open.set(folder, joining);
    return joining;
  }

  private async goOn(folder: string, joining: Joining): Promise<void> {
    for (;;) {
      const number = joining.count + 1;
      const next = joining.early.get(number);
      if (next === undefined) return;
      joining.early.delete(number);
      const file = hidden(folder);
      try {
        if (joining.file !== undefined) await fs.rename(joining.file, file);
        await this.append(file, [next]);
        joining.file = path.join(folder, nameAfter(joining.hash, next, number));
        await fs.rename(file, joining.file);
      } catch (error) {
        await fs.rm(file, { force: true });
        throw error;
      }
      joining.count = number;
    }
  }

  /** Takes the longest that was joined of these parts, and nothing else, as `file`. @returns how many parts it holds */
  private async take(folder: string, parts: readonly PartOnDisk[], file: string): Promise<number> {
    const names = (await fs.readdir(folder)).filter((name) => countOf(name) > 0);
    const hash = createHash('sha256');
    const right = new Set(parts.map((part, n) => nameAfter(hash, part.file, n + 1)));
    for (const name of names.filter((one) => right.has(one)).sort((a, b) => countOf(b) - countOf(a))) {
      try {
        await fs.rename(path.join(folder, name), file);
      } catch (error) {
        if (isMissing(error)) continue; // somebody goes on with it
        throw error;
      }
      const held = parts.slice(0, countOf(name));
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
