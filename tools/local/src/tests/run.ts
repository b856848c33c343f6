import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runToEnd, startPostgres, workspaceRoot } from '@kinora/testing';
import { buildAll } from '../platform/build';
import { testProjects } from './projects';
import { lastLine, sumResults } from './summary';

const RESULTS = path.join(workspaceRoot, 'dist/test-results');
const NX = path.join(workspaceRoot, 'node_modules/nx/dist/bin/nx.js');
/** Its journeys need the whole machine, and the built platform. */
const JOURNEYS = 'e2e';

/** `npm test [project …] [-- options for Jest]`: runs the tests of the projects (all, if none is named), and counts. */
export async function runTests(args: readonly string[], signal: AbortSignal): Promise<number> {
  const all = testProjects();
  const named = args.filter((arg) => !arg.startsWith('-') && all.includes(arg));
  const options = args.filter((arg) => !named.includes(arg));
  const unknown = options.find((arg) => !arg.startsWith('-') && named.length === 0);
  if (unknown !== undefined) {
    console.error(`There is no project "${unknown}" with tests. There are: ${all.join(', ')}`);
    return 2;
  }
  const projects = named.length > 0 ? named : all;
  mkdirSync(RESULTS, { recursive: true });
  for (const project of projects) rmSync(path.join(RESULTS, `${project}.json`), { force: true });

  // One server for all: starting one for each of Jest's workers would cost more than many of the tests.
  await using postgres = await startPostgres();
  const env = { ...process.env, KINORA_TEST_POSTGRES_URL: postgres.url, NX_DAEMON: 'false', NX_TUI: 'false' };
  const others = projects.filter((project) => project !== JOURNEYS);
  let status = 0;
  if (others.length > 0)
    status = await nx(
      ['run-many', '-t', 'test', '-p', others.join(','), '--parallel=2', ...forwarded(options)],
      env,
      signal,
    );
  if (projects.includes(JOURNEYS) && !signal.aborted) {
    await buildAll(path.join(workspaceRoot, 'dist/build.log'), signal);
    status = (await nx(['run-many', '-t', 'test', '-p', JOURNEYS, ...forwarded(options)], env, signal)) || status;
  }
  return report(projects, status, signal);
}

const forwarded = (options: readonly string[]) => (options.length > 0 ? ['--skipNxCache', '--', ...options] : []);

function report(projects: readonly string[], status: number, signal: AbortSignal): number {
  const total = sumResults(RESULTS, projects);
  if (total.broken.length > 0) console.error(`\nNo results from: ${total.broken.join(', ')}`);
  if (total.skippedTests.length > 0) {
    const reason = process.env['KINORA_CHROMIUM_MISSING'];
    console.error(
      `\nSkipped${reason === undefined ? '' : ` (${reason})`}:\n${total.skippedTests.map((name) => `  ${name}`).join('\n')}`,
    );
  }
  // On a machine that is there to test, what was not tested is not fine.
  const refused = process.env['CI'] === 'true' && total.skipped > 0;
  if (refused) console.error('\nCI=true: skipped tests count as a failure.');
  console.log(`\n${lastLine(total)}`);
  return status !== 0 || total.failed > 0 || refused || signal.aborted ? 1 : 0;
}

/** Runs Nx with its output on ours. */
const nx = (args: string[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> =>
  runToEnd([NX, ...args, '--outputStyle=static'], { env, signal, stdio: ['ignore', 'inherit', 'inherit'] });
