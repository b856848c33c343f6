import { type Dashboard, type Panel } from './panel';

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
const WIDTH = 24;

/** Where each panel goes: from left to right, then in the next line. */
function* placed(panels: readonly Panel[]): Generator<{ panel: Panel; x: number; y: number }> {
  let [x, y, tallest] = [0, 0, 0];
  for (const panel of panels) {
    if (x + panel.width > WIDTH) [x, y, tallest] = [0, y + tallest, 0];
    yield { panel, x, y };
    x += panel.width;
    tallest = Math.max(tallest, panel.height);
  }
}

const panelOf = ({ panel, x, y }: { panel: Panel; x: number; y: number }, index: number): object => ({
  id: index + 1,
  type: panel.type,
  title: panel.title,
  ...(panel.description !== undefined && { description: panel.description }),
  gridPos: { h: panel.height, w: panel.width, x, y },
  ...(panel.type === 'row'
    ? { collapsed: false, panels: [] }
    : {
        datasource: DATASOURCE,
        fieldConfig: { defaults: { unit: panel.unit ?? 'short', min: 0 }, overrides: [] },
        options:
          panel.type === 'stat'
            ? { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'none', graphMode: 'area' }
            : { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
        targets: panel.targets.map(({ expr, legend }, n) => ({
          refId: String.fromCharCode(65 + n),
          datasource: DATASOURCE,
          expr,
          legendFormat: legend,
        })),
      }),
});

const variable = (name: string, values: string, many: boolean): object => ({
  name,
  type: 'query',
  datasource: DATASOURCE,
  query: { query: `label_values(${values}, ${name})`, refId: name },
  refresh: 2,
  sort: 1,
  includeAll: many,
  multi: many,
  ...(many && { allValue: '.*' }),
});

/** A dashboard as Grafana's model in JSON, the same for the same definition. */
export function render({ name, title, description, variables = [], panels }: Dashboard): string {
  const model = {
    uid: `kinora-${name}`,
    title: `Kinora / ${title}`,
    description,
    tags: ['kinora'],
    editable: false,
    schemaVersion: 39,
    timezone: 'browser',
    refresh: '1m',
    time: { from: 'now-6h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', type: 'datasource', query: 'prometheus' },
        variable('namespace', 'process_start_time_seconds', true),
        ...variables.map((one) => variable(one.name, one.values, one.many ?? false)),
      ],
    },
    panels: [...placed(panels)].map(panelOf),
  };
  return `${JSON.stringify(model, undefined, 2)}\n`;
}
