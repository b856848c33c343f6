import { existsSync, globSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = '/sys/fs/cgroup';
const PREFIX = 'kinora-cluster-';

/** Roots of hierarchies that can hold pods: one in version 2, one per controller in version 1. */
function hierarchies(): string[] {
  if (existsSync(path.join(ROOT, 'cgroup.controllers'))) return [ROOT];
  return globSync(`${ROOT}/*/cgroup.procs`).map((file) => path.dirname(file));
}

/** In version 1 a new group may use no processor until it is told which. */
function inheritProcessors(folder: string): void {
  for (const file of ['cpuset.cpus', 'cpuset.mems'])
    if (existsSync(path.join(folder, file)))
      writeFileSync(path.join(folder, file), readFileSync(path.join(folder, '..', file)));
}

/** Makes the group below which the kubelet puts all pods of this cluster. @returns its path as the kubelet writes it */
export function makeCgroup(id: number): string {
  const name = `${PREFIX}${id}`;
  for (const root of hierarchies()) {
    const folder = path.join(root, name);
    mkdirSync(folder, { recursive: true });
    inheritProcessors(folder);
  }
  return `/${name}`;
}

function removeTree(folder: string): void {
  // Groups are folders that hold files which can't be removed; a group goes by rmdir, its groups first.
  for (const child of globSync(`${folder}/*/`)) if (statSync(child).isDirectory()) removeTree(child);
  try {
    rmdirSync(folder);
  } catch (error) {
    // Somebody is still in it (another cluster that runs), or the kernel is not done with it: the next run removes it.
    if (!['EBUSY', 'ENOENT', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Removes what clusters that run no more have left. */
export function removeCgroups(): void {
  for (const root of new Set([...hierarchies(), ...globSync(`${ROOT}/*`)]))
    for (const folder of globSync(`${root}/${PREFIX}*`)) removeTree(folder);
}
