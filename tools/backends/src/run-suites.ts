import { type Backends, nodeBinary, reapWithMe, releaseFromReaper, workspaceRoot } from '@kinora/testing';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { appIdOf } from './record/record';
import { CREDENTIALS } from './servers/server';
import { type Suite } from './suites';

/** Where results of runs are kept. */
export const RESULTS = path.join(workspaceRoot, 'dist/test-results/backends');

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

/** Suites and tests as tests see AWS: by the default credential chain, with a name for the record of calls. */
const environment = (backends: Partial<Backends>, project: string): NodeJS.ProcessEnv => ({
  ...process.env,
  KINORA_BACKENDS: JSON.stringify(backends),
  ...(backends.postgres && { KINORA_TEST_POSTGRES_URL: backends.postgres.url }),
  AWS_REGION: CREDENTIALS.region,
  AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  AWS_SDK_UA_APP_ID: appIdOf(project),
});

/** Runs the suites of one project in one Jest process, and counts. */
export async function runSuites(
  project: string,
  suites: readonly Suite[],
  backends: Partial<Backends>,
  signal: AbortSignal,
): Promise<Total> {
  mkdirSync(RESULTS, { recursive: true });
  const output = path.join(RESULTS, `${project.replaceAll('/', '-')}.json`);
  rmSync(output, { force: true });
  const args = [
    ...['--experimental-vm-modules', path.join(workspaceRoot, 'node_modules/jest/bin/jest.js')],
    ...['-c', path.join(workspaceRoot, project, 'jest.config.cjs'), '-w', '1', '--json', `--outputFile=${output}`],
    ...['--runTestsByPath', ...suites.map(({ file }) => path.join(workspaceRoot, file))],
  ];
  const child = spawn(nodeBinary(), args, {
    cwd: workspaceRoot,
    env: environment(backends, project),
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  });
  const { pid = 0 } = child;
  reapWithMe(pid, 'SIGTERM');
  const end = (): void => void process.kill(-pid, 'SIGTERM');
  signal.addEventListener('abort', end, { once: true });
  const status = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
  signal.removeEventListener('abort', end);
  releaseFromReaper(pid);
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
