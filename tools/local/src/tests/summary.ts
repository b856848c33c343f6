import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

/** What Jest's `--json` says, as far as it is counted. */
export interface JestResult {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** Files that could not even be run. */
  numRuntimeErrorTestSuites: number;
  testResults: { name: string; assertionResults: { status: string; fullName: string }[] }[];
}

export const countOf = (result: JestResult): Count => ({
  passed: result.numPassedTests,
  failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
  skipped: result.numPendingTests + result.numTodoTests,
});

/**
 * Sums the result files of all projects; Nx restores them together with a cached run. A project that left none has
 * failed: its runner broke down before the first test.
 */
export function sumResults(
  folder: string,
  projects: readonly string[],
): Count & { broken: string[]; skippedTests: string[] } {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const broken: string[] = [];
  const skippedTests: string[] = [];
  for (const project of projects) {
    const file = path.join(folder, `${project}.json`);
    if (!existsSync(file)) {
      broken.push(project);
      total.failed += 1;
      continue;
    }
    const result = JSON.parse(readFileSync(file, 'utf8')) as JestResult;
    const count = countOf(result);
    total.passed += count.passed;
    total.failed += count.failed;
    total.skipped += count.skipped;
    for (const { assertionResults } of result.testResults) {
      const skipped = assertionResults.filter(({ status }) => status === 'pending' || status === 'todo');
      skippedTests.push(...skipped.map(({ fullName }) => `${project}: ${fullName}`));
    }
  }
  return { ...total, broken, skippedTests };
}

export const lastLine = ({ passed, failed, skipped }: Count): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;
