import { readFileSync, readdirSync } from 'node:fs';

/** One process as /proc shows it. Times in seconds, memory in MiB. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  /** User and system time of the process and of its children that have ended. */
  readonly cpu: number;
  /** The same without children. */
  readonly ownCpu: number;
}

/** Clock ticks per second in /proc; 100 on every Linux of today. */
const TICKS = 100;

/** Parses /proc/PID/stat (proc(5)): the command may hold spaces and brackets, so fields count from its last bracket. */
export function parseStat(text: string): Process {
  const close = text.lastIndexOf(')');
  const fields = text
    .slice(close + 2)
    .split(' ')
    .map(Number);
  const at = (n: number): number => fields[n - 3] ?? 0;
  return {
    pid: Number.parseInt(text, 10),
    parent: at(4),
    command: text.slice(text.indexOf('(') + 1, close),
    cpu: (at(14) + at(15) + at(16) + at(17)) / TICKS,
    ownCpu: (at(14) + at(15)) / TICKS,
  };
}

/** A file of /proc; undefined when its process has ended. */
export const read = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // it has ended meanwhile
  }
};

/** Of every process, as /proc names it. */
export const pids = (): string[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name));

/** All descendants of a process that are alive. */
export function descendants(root = process.pid): Process[] {
  const all = pids().flatMap((name) => {
    const stat = read(`/proc/${name}/stat`);
    return stat === undefined ? [] : [parseStat(stat)];
  });
  const found: Process[] = [];
  const visit = (parent: number): void => {
    for (const one of all.filter((candidate) => candidate.parent === parent)) {
      found.push(one);
      visit(one.pid);
    }
  };
  visit(root);
  return found;
}

/** CPU seconds spent below a process, by children that live and by those that have ended. */
export function cpuBelow(root = process.pid): number {
  const self = read(`/proc/${root}/stat`)?.split(') ')[1]?.split(' ').map(Number) ?? [];
  const ended = ((self[13] ?? 0) + (self[14] ?? 0)) / TICKS;
  return descendants(root).reduce((sum, one) => sum + one.cpu, ended);
}

/** Resident and proportional memory of a process in MiB. Proportional: shared pages are divided among those who share them. */
export function memoryOf(pid: number): { resident: number; proportional: number } {
  const kib = (file: string, field: string) =>
    Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(read(file) ?? '')?.[1] ?? 0);
  return {
    resident: kib(`/proc/${pid}/status`, 'VmRSS') / 1024,
    proportional: kib(`/proc/${pid}/smaps_rollup`, 'Pss') / 1024,
  };
}

/** What a process is: a service by its bundle, a server by its program, and a server's own children with it. */
export function nameOf(one: Process, all: readonly Process[]): string {
  const command = (read(`/proc/${one.pid}/cmdline`) ?? '').replaceAll('\0', ' ');
  const [, service] = /dist\/apps\/(\w+)\/main\.js/.exec(command) ?? [];
  if (service !== undefined) return service;
  const known = /bootstrap\.mjs|tools\/local|cognito-local|dynalite|redis-server|valkey-server|postgres/.exec(
    command,
  )?.[0];
  if (known === 'bootstrap.mjs') return 'bootstrap';
  if (known === 'tools/local') return 'npm start and gateway';
  if (known !== undefined) return known;
  const parent = all.find((candidate) => candidate.pid === one.parent);
  return parent ? nameOf(parent, all) : one.command;
}

/** CPU seconds so far by name, children that have ended included (an encoder's ffmpegs count with it). */
export function cpuByName(root = process.pid): Map<string, number> {
  const all = descendants(root);
  const sums = new Map<string, number>();
  for (const one of all) {
    const name = nameOf(one, all);
    sums.set(name, (sums.get(name) ?? 0) + one.cpu);
  }
  return sums;
}
