import { runToEnd, startPostgres, workspaceRoot } from '@kinora/testing';
import { globSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { buildAll } from '../platform/build';
import { lastLine, sumResults } from './summary';

const RESULTS = path.join(workspaceRoot, 'dist/test-results/faults');

/** The folders of projects with suites that break what they run on: `*.fault.spec.ts`. */
export const faultProjects = (root = workspaceRoot): string[] => {
  const files = globSync('{apps,libs,tools}/**/*.fault.spec.ts', {
    cwd: root,
    exclude: (name) => name === 'node_modules',
  });
  return [...new Set(files.map((file) => file.split('/test/')[0] ?? ''))].sort();
};

/** `npm run test:faults [-- words of test names]`: two suites at a time; each breaks servers and processes of its own, and waits half of its time. */
export async function runFaults(args: readonly string[], signal: AbortSignal): Promise<number> {
  rmSync(RESULTS, { recursive: true, force: true });
  mkdirSync(RESULTS, { recursive: true });
  await buildAll(path.join(workspaceRoot, 'dist/build.log'), signal);
  await using postgres = await startPostgres();
  const projects = faultProjects();
  let status = 0;
  for (const project of projects) {
    if (signal.aborted) break;
    status = (await jest(project, args, postgres.url, signal)) || status;
  }
  const total = sumResults(RESULTS, projects.map(nameOf));
  console.log(`\n${lastLine(total)}`);
  return status !== 0 || total.failed > 0 || signal.aborted ? 1 : 0;
}

const nameOf = (project: string): string => project.replaceAll('/', '-');

function jest(project: string, words: readonly string[], postgres: string, signal: AbortSignal): Promise<number> {
  const args = [
    ...['--experimental-vm-modules', path.join(workspaceRoot, 'node_modules/jest/bin/jest.js'), '-w', '2', '--verbose'],
    ...['-c', path.join(workspaceRoot, project, 'jest.config.cjs')],
    ...['--json', `--outputFile=${path.join(RESULTS, `${nameOf(project)}.json`)}`],
    ...(words.length > 0 ? ['-t', words.join(' ')] : []),
  ];
  const env = { ...process.env, KINORA_FAULTS: 'yes', KINORA_TEST_POSTGRES_URL: postgres };
  // Jest writes its report for people to stderr, and the whole of its JSON to stdout unless that is closed.
  return runToEnd(args, { env, signal, stdio: ['ignore', 'ignore', 'inherit'] });
}
