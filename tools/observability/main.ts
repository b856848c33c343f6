import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { dashboards } from './src/dashboards';
import { render } from './src/dashboards/render';
import { DASHBOARDS, RULES, RULE_TESTS, yamlFiles } from './src/files';
import { promtool } from './src/promtool';

const USAGE = `npm run check:alerts                 rules, their tests and the dashboards' queries, by Prometheus's own promtool
npm run check:alerts -- --dashboards  writes helm/kinora/dashboards from tools/observability/src/dashboards`;

function writeDashboards(): number {
  for (const one of dashboards) writeFileSync(path.join(DASHBOARDS, `${one.name}.json`), render(one));
  console.log(`${dashboards.length} dashboards written`);
  return 0;
}

/** The queries of all dashboards as rules, which promtool parses. */
function queriesAsRules(folder: string): string {
  const rules = dashboards.flatMap(({ name, panels }) =>
    panels.flatMap((panel, n) =>
      panel.targets.map(({ expr }, m) => ({
        record: `dashboard:${name}:panel_${n}_${m}`,
        expr: expr.replaceAll('$__rate_interval', '5m'),
      })),
    ),
  );
  const file = path.join(folder, 'queries.json');
  writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboards', rules }] }));
  return file;
}

function check(): number {
  const program = promtool();
  if (program === undefined) {
    const inCi = process.env['CI'] !== undefined;
    console.log('Alert rules not checked: promtool is built with Go (https://go.dev/dl), which is not here.');
    return inCi ? 1 : 0;
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'kinora-queries-'));
  try {
    const run = (...args: string[]): boolean => spawnSync(program, args, { stdio: 'inherit' }).status === 0;
    const passed = [
      run('check', 'rules', '--lint=all', '--lint-fatal', ...yamlFiles(RULES)),
      run('check', 'rules', queriesAsRules(folder)),
      run('test', 'rules', ...yamlFiles(RULE_TESTS)),
    ];
    return passed.every(Boolean) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [option] = process.argv.slice(2);
if (option === undefined) process.exitCode = check();
else if (option === '--dashboards') process.exitCode = writeDashboards();
else {
  console.error(USAGE);
  process.exitCode = 2;
}
