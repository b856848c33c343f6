import { freshDir, workspaceRoot } from '@kinora/testing';
import { globSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { attempt } from './attempt';

export const CHART = path.join(workspaceRoot, 'helm/kinora');

/** The chart as one set of values makes it. */
export interface Rendering {
  readonly name: string;
  /** The file of values. */
  readonly values: string;
  /** Where the manifests are. */
  readonly file: string;
}

/** Every set of values that the repository has: the examples, and those that are there for the checks. */
const valuesFiles = (): string[] =>
  ['values.eks.yaml', 'values.local.yaml', ...globSync('ci/*-values.yaml', { cwd: CHART }).sort()].map((file) =>
    path.join(CHART, file),
  );

export const nameOf = (values: string): string =>
  path
    .basename(values, '.yaml')
    .replace(/^values\./, '')
    .replace(/-values$/, '');

/** Renders the chart with every set of values. @throws when one can't be rendered, with Helm's words */
export async function renderAll(helm: string, signal: AbortSignal): Promise<Rendering[]> {
  const output = freshDir('kinora-charts');
  const renderings: Rendering[] = [];
  for (const values of valuesFiles()) {
    const name = nameOf(values);
    const args = ['template', 'kinora', CHART, '--namespace', 'kinora', '--kube-version', '1.34.0', '-f', values];
    const { status, stdout, stderr } = await attempt(helm, args, { signal });
    if (status !== 0)
      throw new Error(`The chart can't be rendered with ${path.relative(workspaceRoot, values)}: ${stderr}`);
    const file = path.join(output, `${name}.yaml`);
    writeFileSync(file, stdout);
    renderings.push({ name, values, file });
  }
  return renderings;
}
