import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RESULTS } from '../run-suites';
import { type RecordedCall } from './record';

const FILE = path.join(RESULTS, 'aws-calls.json');

export interface RecordFile {
  /** Whether the suites of all projects have run. */
  readonly complete: boolean;
  readonly calls: readonly RecordedCall[];
}

/** The record of the last runs. */
export const readRecord = (): RecordFile =>
  existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as RecordFile) : { complete: false, calls: [] };

/** Keeps what a run has recorded: all of it after a run of everything, otherwise beside what other projects did before. */
export function writeRecord(calls: readonly RecordedCall[], { everything }: { everything: boolean }): void {
  const before: RecordFile = everything ? { complete: true, calls: [] } : readRecord();
  const projects = new Set(calls.map(({ project }) => project));
  const kept = before.calls.filter(({ project }) => !projects.has(project));
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(FILE, `${JSON.stringify({ ...before, calls: [...kept, ...calls] }, undefined, 1)}\n`);
}
