import { workspaceRoot } from '@kinora/testing';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseOptions, USAGE } from './src/options';
import { undocumented } from './src/record/docs';
import { CallRecord } from './src/record/record';
import { readRecord, writeRecord } from './src/record/record-file';
import { runSuites, type Total } from './src/run-suites';
import { servers } from './src/servers';
import { startServers, withUsed } from './src/start';
import { findSuites, projectFolders, type Suite } from './src/suites';

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort());
if (process.channel) process.on('disconnect', () => stop.abort());

async function main(args: string[]): Promise<number> {
  const options = parseOptions(args);
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const folders = projectFolders();
  const unknown = options.projects.filter((name) => !folders.has(name));
  if (unknown.length > 0) {
    console.error(`There is no project ${unknown.join(', ')}; it is one of ${[...folders.keys()].sort().join(', ')}`);
    return 2;
  }
  const chosen = new Set(options.projects.map((name) => folders.get(name)));
  const suites = findSuites().filter(({ project }) => chosen.size === 0 || chosen.has(project));
  const needed = new Set(suites.flatMap(({ needs }) => needs));
  const wanted = servers.filter(({ provides }) => options.keep || provides.some((name) => needed.has(name)));
  const record = new CallRecord();
  await using started = await startServers(withUsed(wanted, servers), {
    signal: stop.signal,
    say: (line) => console.log(line),
    record,
  });
  if (options.keep) {
    console.log(`\nexport KINORA_BACKENDS='${JSON.stringify(started.backends)}'\n\nCtrl-C stops them.`);
    await new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
    return 0;
  }

  const total = { passed: 0, failed: 0, skipped: 0 };
  const add = (counts: Total): void => {
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  };
  for (const { file, needs } of suites.filter((suite) => !isAble(suite, started.skipped))) {
    const reasons = needs.flatMap((name) => started.skipped.get(name) ?? []);
    console.log(`\nskipped ${file}: ${[...new Set(reasons)].join('; ')}`);
    total.skipped += 1;
  }
  const able = suites.filter((suite) => isAble(suite, started.skipped));
  const run = async (projects: readonly string[], onStart: (project: string) => void): Promise<void> => {
    for (const project of projects) {
      if (stop.signal.aborted) return;
      console.log(`\n${project}`);
      onStart(project);
      const own = able.filter((suite) => suite.project === project);
      add(await runSuites(project, own, started.backends, stop.signal));
    }
  };
  // Two at a time, but of those that hand out signed URLs only one: calls by these carry nobody's name.
  const signing = projectsOf(able.filter(({ needs }) => needs.some((name) => SIGNING.has(name))));
  const others = projectsOf(able).filter((project) => !signing.includes(project));
  await Promise.all([run(signing, (project) => (record.project = project)), run(others, () => undefined)]);
  const everything = options.projects.length === 0 && total.failed === 0 && total.skipped === 0 && !stop.signal.aborted;
  writeRecord(record.calls(), { everything });
  if (everything && !callsAreDocumented()) total.failed += 1;
  // On a machine that is there to test, what was not tested is not fine.
  const refused = process.env['CI'] === 'true' && total.skipped > 0;
  if (refused) console.error('\nCI=true: what was skipped counts as a failure.');
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed > 0 || refused || stop.signal.aborted ? 1 : 0;
}

/** Whether docs/aws.md knows all calls that were made; if not, says which it lacks. */
function callsAreDocumented(): boolean {
  const problems = undocumented(readRecord().calls, readFileSync(path.join(workspaceRoot, 'docs/aws.md'), 'utf8'));
  if (problems.length > 0) console.error(`\nThe record of AWS calls:\n${problems.join('\n')}`);
  return problems.length === 0;
}

/** Servers whose signed URLs clients use by themselves. */
const SIGNING = new Set(['s3', 'aws', 'mediaconvert']);

const isAble = ({ needs }: Suite, skipped: ReadonlyMap<string, string>): boolean =>
  !needs.some((name) => skipped.has(name));

const projectsOf = (suites: readonly { project: string }[]): string[] => [
  ...new Set(suites.map(({ project }) => project)),
];

main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
