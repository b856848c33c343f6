/** A metric as docs/observability.md has it. */
export interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  /** Who exposes it; `every service` of those that come with the process. */
  readonly services: readonly string[];
}

const codes = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '');

/** The rows of the table of metrics: name, type, labels, services, meaning. */
export function documentedMetrics(markdown: string): Metric[] {
  const [, section = ''] = /\n## Metrics\n([\s\S]*?)(?=\n## )/.exec(markdown) ?? [];
  return [...section.matchAll(/^\| `([a-z0-9_]+)` +\| (counter|gauge|histogram) +\|([^|]*)\|([^|]*)\|/gm)].map(
    ([, name = '', type, labels = '', services = '']) => ({
      name,
      type: type as Metric['type'],
      labels: codes(labels),
      services: services
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    }),
  );
}
