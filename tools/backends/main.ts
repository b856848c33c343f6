import { workspaceRoot } from '@kinora/testing';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inLanes } from './src/lanes';
import { parseOptions, USAGE } from './src/options';
import { undocumented } from './src/record/docs';
import { passagesFor } from './src/record/passages';
import { CallRecord } from './src/record/record';
import { readRecord, writeRecord } from './src/record/record-file';
import { runSuites } from './src/run-suites';
import { servers } from './src/servers';
import { seconds, startServers, withUsed } from './src/start';
import { byProject, findSuites, projectFolders, type Suite } from './src/suites';

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
  const say = (line: string): void => console.log(line);
  await using started = await startServers(withUsed(wanted, servers), { signal: stop.signal, say });
  if (options.keep) {
    console.log(`\nexport KINORA_BACKENDS='${JSON.stringify(started.backends)}'\n\nCtrl-C stops them.`);
    await new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
    return 0;
  }

  const record = new CallRecord();
  const total = { passed: 0, failed: 0, skipped: 0 };
  const able: Suite[] = [];
  for (const suite of suites) {
    const reasons = suite.needs.flatMap((name) => started.skipped.get(name) ?? []);
    if (reasons.length === 0) able.push(suite);
    else {
      console.log(`\nskipped ${suite.file}: ${[...new Set(reasons)].join('; ')}`);
      total.skipped += 1;
    }
  }
  await inLanes(byProject(able), async ({ project, suites: own }) => {
    if (stop.signal.aborted) return;
    console.log(`\n${project}`);
    const began = performance.now();
    await using passages = await passagesFor(project, started, record);
    const counts = await runSuites(project, own, passages.backends, stop.signal);
    for (const kind of ['passed', 'failed', 'skipped'] as const) total[kind] += counts[kind];
    console.log(`\n${project}: ${counts.passed} passed, ${counts.failed} failed in ${seconds(began)}`);
  });
  if (record.nameless().length > 0) {
    console.error(`\nThe record of AWS calls has some that nobody made:\n${record.nameless().join('\n')}`);
    total.failed += 1;
  }
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

main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
