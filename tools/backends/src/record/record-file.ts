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

/** Keeps what a run has recorded: that alone after a run of everything, otherwise beside what was recorded before. */
export function writeRecord(calls: readonly RecordedCall[], { everything }: { everything: boolean }): void {
  const before: RecordFile = everything ? { complete: true, calls: [] } : readRecord();
  const seen = new Set(calls.map(nameOf));
  const kept = before.calls.filter((call) => !seen.has(nameOf(call)));
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(FILE, `${JSON.stringify({ ...before, calls: [...kept, ...calls] }, undefined, 1)}\n`);
}

/** All but how often: a journey's services call under the names of projects that have suites of their own. */
const nameOf = ({ answers: _, ...entry }: RecordedCall): string =>
  JSON.stringify(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)));
