import { workspaceRoot } from '@kinora/testing';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { undocumented, withTables } from './src/record/docs';
import { readRecord } from './src/record/record-file';

const FILE = path.join(workspaceRoot, 'docs/aws.md');

/** `npm run docs:aws [-- --check]`: writes the tables of docs/aws.md from the record of the last runs, or says what they lack. */
function main(check: boolean): number {
  const { complete, calls } = readRecord();
  if (!complete && !check) {
    console.error('The record of AWS calls is not complete: run all of npm run test:backends first.');
    return 2;
  }
  if (!check) writeFileSync(FILE, withTables(readFileSync(FILE, 'utf8'), calls));
  const problems = undocumented(calls, readFileSync(FILE, 'utf8'));
  for (const problem of problems) console.error(problem);
  return problems.length > 0 ? 1 : 0;
}

process.exitCode = main(process.argv.includes('--check'));
