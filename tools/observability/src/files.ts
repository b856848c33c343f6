import { workspaceRoot } from '@kinora/testing';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export const at = (...parts: string[]): string => path.join(workspaceRoot, ...parts);
export const DASHBOARDS = at('helm/kinora/dashboards');
export const RULES = at('helm/kinora/rules');
export const RUNBOOKS = at('docs/runbooks');
/** What promtool runs. */
export const RULE_TESTS = at('tools/observability/test/rules');

export const yamlFiles = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => path.join(folder, name));

export const readYaml = (file: string): unknown => parse(readFileSync(file, 'utf8'));

/** All recording rules and alerts of the chart. */
export const rules = (): Rule[] =>
  yamlFiles(RULES).flatMap((file) =>
    (readYaml(file) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules),
  );
