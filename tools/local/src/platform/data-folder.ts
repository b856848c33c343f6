import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '@kinora/testing';
import { identityOf, isAlive, type ProcessIdentity } from './process-identity';

export class DataFolderInUse extends Error {
  override name = 'DataFolderInUse';
}

/** A platform's folder, held by this process until `release`. */
export interface DataFolder {
  readonly root: string;
  file(...parts: string[]): string;
  /** Remembers the processes that work on this folder, for the start after a crash. */
  noteChild(pid: number): void;
  release(): void;
}

interface Lock {
  owner: ProcessIdentity;
  url?: string;
}

/**
 * Takes a data folder. Two platforms on one folder would ruin each other's databases, so a second one is refused; what a killed one
 * left running is waited for, and then ended.
 */
export async function openDataFolder(root: string): Promise<DataFolder> {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  chmodSync(root, 0o700);
  const lock = path.join(root, 'lock.json');
  const children = path.join(root, 'children.json');
  const mine = JSON.stringify({ owner: identityOf(process.pid) } satisfies Lock);
  for (;;) {
    try {
      writeFileSync(lock, mine, { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = readJson<Lock>(lock)?.owner;
      if (holder && isAlive(holder)) {
        throw new DataFolderInUse(
          `Kinora already runs on ${root} (process ${holder.pid}). Stop that one first, or give this one another folder with --data DIR and another --port.`,
        );
      }
      rmSync(lock, { force: true });
    }
  }
  await endLeftOvers(readJson<ProcessIdentity[]>(children) ?? []);

  const noted: ProcessIdentity[] = [];
  return {
    root,
    file: (...parts) => path.join(root, ...parts),
    noteChild(pid) {
      noted.push(identityOf(pid));
      while (noted.length > 200) noted.shift();
      writeJson(children, noted);
    },
    release: () => rmSync(lock, { force: true }),
  };
}

/** The reaper of a killed platform needs a moment; what outlives even that is killed here. */
async function endLeftOvers(processes: ProcessIdentity[]): Promise<void> {
  const left = () => processes.filter(isAlive);
  await eventually(() => left().length === 0, { timeoutMs: 9_000 }).catch(() => {
    for (const { pid } of left()) process.kill(pid, 'SIGKILL');
  });
  await eventually(() => left().length === 0, { timeoutMs: 5_000, label: 'the end of the processes of the last run' });
}

export function readJson<T>(file: string): T | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined; // half written when the machine went down
  }
}

/** Writes a file that is whole or not there, and readable by its owner only. */
export function writeJson(file: string, value: unknown): void {
  writeFileSync(`${file}.new`, JSON.stringify(value, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
