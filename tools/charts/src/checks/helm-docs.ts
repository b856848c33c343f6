import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freshDir } from '@kinora/testing';
import { attempt } from '../attempt';
import { type Check, findings } from '../check';
import { HELM_DOCS, goTool } from '../install/tools';
import { CHART } from '../render';

const README = path.join(CHART, 'README.md');

/** What the README would say now; prettier's ideas of tables are not asked for. */
async function generated(signal: AbortSignal): Promise<string> {
  const program = await goTool(HELM_DOCS, signal);
  const copy = path.join(freshDir('kinora-chart'), 'kinora');
  cpSync(CHART, copy, { recursive: true });
  const args = ['--chart-search-root', copy, '--sort-values-order', 'file', '--log-level', 'warning'];
  const { status, stderr } = await attempt(program, args, { signal, cwd: copy });
  if (status !== 0) throw new Error(`helm-docs: ${stderr}`);
  return readFileSync(path.join(copy, 'README.md'), 'utf8');
}

/** Writes the chart's README from values.yaml and README.md.gotmpl. */
export async function writeReadme(signal: AbortSignal): Promise<void> {
  writeFileSync(README, await generated(signal));
}

/** Whether the chart's README is what values.yaml says, and every value has a description. */
export const helmDocs: Check = {
  name: 'README of the chart',
  needs: ['Go'],
  async run({ signal }) {
    const text = await generated(signal);
    const bare = text.split('\n').filter((line) => /^\| [a-z][\w.-]* \|.*\|\s*\|$/i.test(line));
    return findings([
      readFileSync(README, 'utf8') === text
        ? undefined
        : 'helm/kinora/README.md is not what values.yaml says: npm run check:chart -- --write',
      bare.length === 0 ? undefined : `values without a description:\n${bare.join('\n')}`,
    ]);
  },
};
