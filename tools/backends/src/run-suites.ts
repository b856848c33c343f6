import { type Backends, workspaceRoot } from '@kinora/testing';
import path from 'node:path';
import { appIdOf } from './record/record';
import { runJest, type Total } from './run-jest';
import { CREDENTIALS } from './servers/server';
import { type Suite } from './suites';

/** Where results of runs are kept. */
export const RESULTS = path.join(workspaceRoot, 'dist/test-results/backends');

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
export const runSuites = (
  project: string,
  suites: readonly Suite[],
  backends: Partial<Backends>,
  signal: AbortSignal,
): Promise<Total> =>
  runJest({
    project,
    files: suites.map(({ file }) => file),
    output: path.join(RESULTS, `${project.replaceAll('/', '-')}.json`),
    env: environment(backends, project),
    signal,
  });
