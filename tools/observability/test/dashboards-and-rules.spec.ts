import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { dashboards } from '../src/dashboards';
import { render } from '../src/dashboards/render';
import { documentedMetrics } from '../src/documented';
import { at, DASHBOARDS, readYaml, RULES, RULE_TESTS, rules, RUNBOOKS, yamlFiles } from '../src/files';
import { metricsOf } from '../src/promql';

/** What Prometheus and Kubernetes add to every series. */
const TARGET = ['namespace', 'service', 'instance', 'pod', 'le'];
const metrics = documentedMetrics(readFileSync(at('docs/observability.md'), 'utf8'));
const recorded = new Set(rules().flatMap(({ record }) => record ?? []));

const byName = new Map(metrics.map((metric) => [metric.name, metric]));
const metricOf = (name: string) =>
  byName.get(name) ?? [byName.get(name.replace(/_(bucket|sum|count)$/, ''))].find((one) => one?.type === 'histogram');

function problemsOf(expr: string): string[] {
  const { selected, grouped } = metricsOf(expr);
  const known = new Set(TARGET);
  const problems = selected.flatMap(({ metric: name, labels }) => {
    if (recorded.has(name)) return [];
    const metric = metricOf(name);
    if (!metric) return [`there is no metric ${name}`];
    for (const label of metric.labels) known.add(label);
    return labels
      .filter((label) => !metric.labels.includes(label) && !TARGET.includes(label))
      .map((label) => `${name} has no label ${label}`);
  });
  return [
    ...problems,
    ...grouped.filter((label) => !known.has(label)).map((label) => `nothing has the label ${label}`),
  ];
}

it('knows metrics to hold the queries against', () => expect(metrics.length).toBeGreaterThan(40));

it.each(dashboards.map((one) => [one.name, one] as const))('dashboard %s asks for what there is', (_, dashboard) => {
  const exprs = dashboard.panels.flatMap((panel) => panel.targets.map(({ expr }) => expr));
  expect(exprs.length).toBeGreaterThan(5);
  expect(exprs.flatMap(problemsOf)).toEqual([]);
  for (const { name, values } of dashboard.variables ?? []) expect(problemsOf(`${values}{${name}="x"}`)).toEqual([]);
});

it('the chart has the dashboards as they are defined', () => {
  expect(readdirSync(DASHBOARDS).sort()).toEqual(dashboards.map(({ name }) => `${name}.json`).sort());
  for (const one of dashboards)
    expect(readFileSync(path.join(DASHBOARDS, `${one.name}.json`), 'utf8')).toBe(render(one));
});

it.each(rules().map((rule) => [rule.alert ?? rule.record, rule] as const))(
  'rule %s asks for what there is',
  (_, rule) => {
    expect(problemsOf(rule.expr)).toEqual([]);
  },
);

const alerts = rules().filter(({ alert }) => alert !== undefined);

it('every alert says how bad it is and where its runbook is, and every runbook has an alert', () => {
  for (const { labels, annotations } of alerts) {
    expect(labels?.['severity']).toMatch(/^(page|ticket)$/);
    expect(Object.keys(annotations ?? {}).sort()).toEqual(['description', 'runbook_url', 'summary']);
  }
  const linked = new Set(alerts.map(({ annotations }) => annotations?.['runbook_url']));
  expect([...linked].sort()).toEqual(
    readdirSync(RUNBOOKS)
      .map((name) => `docs/runbooks/${name}`)
      .sort(),
  );
});

it('every runbook names its alerts, what they mean, how one sees it and what to do', () => {
  for (const { alert = '', annotations } of alerts) {
    const text = readFileSync(at(annotations?.['runbook_url'] ?? ''), 'utf8');
    expect(text).toContain(`\`${alert}\``);
    expect(text.match(/^## .*$/gm)).toEqual(['## What it means', '## See', '## Do']);
  }
});

it('queries in runbooks ask for what there is', () => {
  for (const name of readdirSync(RUNBOOKS)) {
    const text = readFileSync(path.join(RUNBOOKS, name), 'utf8');
    const queries = [...text.matchAll(/```promql\n([\s\S]*?)```/g)].map(([, query = '']) => query);
    expect({ name, problems: queries.flatMap(problemsOf) }).toEqual({ name, problems: [] });
  }
});

interface RuleTests {
  readonly tests: { promql_expr_test: { expr: string; exp_samples: unknown[] }[] }[];
}

it('every alert has a test in which it goes off and one in which it does not', () => {
  const tests = yamlFiles(RULE_TESTS).flatMap((file) =>
    (readYaml(file) as RuleTests).tests.flatMap((one) => one.promql_expr_test),
  );
  for (const { alert } of alerts) {
    const own = tests.filter(({ expr }) => expr === `ALERTS{alertname="${alert}",alertstate="firing"}`);
    const outcomes = [...new Set(own.map(({ exp_samples }) => exp_samples.length > 0))].sort();
    expect({ alert, outcomes }).toEqual({ alert, outcomes: [false, true] });
  }
});

it('the chart finds the rules where they are', () => expect(yamlFiles(RULES).length).toBeGreaterThan(0));
