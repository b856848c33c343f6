import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { freshDir } from '@kinora/testing';
import { lastLine, sumResults } from './summary';

it('sums all projects, and counts one without results as failed', () => {
  const folder = freshDir();
  const write = (project: string, passed: number, failed: number, pending: number, broken = 0) =>
    writeFileSync(
      path.join(folder, `${project}.json`),
      JSON.stringify({
        numPassedTests: passed,
        numFailedTests: failed,
        numPendingTests: pending,
        numTodoTests: 0,
        numRuntimeErrorTestSuites: broken,
        testResults: [
          { name: 'f', assertionResults: pending > 0 ? [{ status: 'pending', fullName: 'plays in Chromium' }] : [] },
        ],
      }),
    );
  write('a', 3, 1, 0);
  write('b', 2, 0, 1, 1);
  const total = sumResults(folder, ['a', 'b', 'c']);
  expect(lastLine(total)).toBe('5 passed, 3 failed, 1 skipped');
  expect(total.broken).toEqual(['c']);
  expect(total.skippedTests).toEqual(['b: plays in Chromium']);
});
