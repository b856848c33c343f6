import { lacking } from '@kinora/backends';
import { installHelm } from '@kinora/cluster';
import { type Check, type Findings } from './src/check';
import { checkov } from './src/checks/checkov';
import { conftest } from './src/checks/conftest';
import { actionlint, gitleaks, hadolint, zizmor } from './src/checks/files';
import { helmDocs, writeReadme } from './src/checks/helm-docs';
import { kubeScore } from './src/checks/kube-score';
import { lint } from './src/checks/lint';
import { schemas } from './src/checks/schemas';
import { suites } from './src/checks/suites';
import { parseOptions, USAGE } from './src/options';
import { renderAll } from './src/render';
import { writeVariables } from './src/variables';

const CHECKS: readonly Check[] = [
  ...[lint, suites, schemas, kubeScore, checkov, conftest, helmDocs],
  ...[hadolint, actionlint, zizmor, gitleaks],
];

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort());
if (process.channel) process.on('disconnect', () => stop.abort());

/** A checker that could not be brought, or said nothing that can be read. */
const brokenDown = (error: unknown): Findings => ({
  passed: 0,
  problems: [error instanceof Error ? error.message : String(error)],
});

async function main(args: string[]): Promise<number> {
  const options = parseOptions(args);
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  if (options.write) {
    writeVariables();
    await writeReadme(stop.signal);
    return 0;
  }
  const chosen = CHECKS.filter(
    ({ name }) => options.words.length === 0 || options.words.some((word) => name.includes(word)),
  );
  const { helm } = await installHelm(stop.signal);
  const context = { helm, renderings: await renderAll(helm, stop.signal), signal: stop.signal };
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const check of chosen) {
    stop.signal.throwIfAborted();
    const missing = lacking(check.needs);
    if (missing.length > 0) {
      console.log(`${check.name}: skipped, because this machine lacks ${missing.join(' and ')}`);
      total.skipped += 1;
      continue;
    }
    const began = performance.now();
    const { passed, problems, skipped = 0 } = await check.run(context).catch(brokenDown);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(
      `${check.name}: ${problems.length === 0 ? `${passed} fine` : `${problems.length} problems, ${passed} fine`} (${seconds} s)`,
    );
    for (const problem of problems) console.log(`  ${problem.replaceAll('\n', '\n  ')}`);
    total.passed += check.countsTests ? passed : Number(problems.length === 0);
    total.failed += problems.length;
    total.skipped += skipped;
  }
  // On a machine that is there to test, what was not tested is not fine.
  const refused = process.env['CI'] === 'true' && total.skipped > 0;
  if (refused) console.error('\nCI=true: what was skipped counts as a failure.');
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed > 0 || refused ? 1 : 0;
}

main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
