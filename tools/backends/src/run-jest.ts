import { runToEnd, workspaceRoot } from '@kinora/testing';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

export interface Total {
  passed: number;
  failed: number;
  skipped: number;
}

/** What of Jest's `--json` is counted. */
interface JestCounts {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numRuntimeErrorTestSuites: number;
}

export interface JestRun {
  /** The folder of the Nx project, whose configuration is used. */
  readonly project: string;
  readonly files: readonly string[];
  /** Where Jest's own report is kept. */
  readonly output: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** Runs test files in one Jest process, one after the other, and counts. */
export async function runJest({ project, files, output, env, signal }: JestRun): Promise<Total> {
  mkdirSync(path.dirname(output), { recursive: true });
  rmSync(output, { force: true });
  const args = [
    ...['--experimental-vm-modules', path.join(workspaceRoot, 'node_modules/jest/bin/jest.js')],
    ...['-c', path.join(workspaceRoot, project, 'jest.config.cjs'), '-w', '1', '--json', `--outputFile=${output}`],
    ...['--runTestsByPath', ...files.map((file) => path.join(workspaceRoot, file))],
  ];
  // Jest writes its report for people to stderr, and the whole of its JSON to stdout unless that is closed.
  const status = await runToEnd(args, { env, signal, stdio: ['ignore', 'ignore', 'inherit'] });
  // A run that broke down before it could count has failed.
  if (!existsSync(output)) return { passed: 0, failed: 1, skipped: 0 };
  const counts = JSON.parse(readFileSync(output, 'utf8')) as JestCounts;
  const failed = counts.numFailedTests + counts.numRuntimeErrorTestSuites;
  return {
    passed: counts.numPassedTests,
    failed: status !== 0 && failed === 0 ? 1 : failed,
    skipped: counts.numPendingTests + counts.numTodoTests,
  };
}
