/** What Grafana reads, as far as Kinora's dashboards use it. */
export interface Panel {
  readonly title: string;
  readonly type: 'timeseries' | 'stat' | 'row';
  readonly width: number;
  readonly height: number;
  readonly description?: string;
  readonly unit?: string;
  readonly targets: readonly { readonly expr: string; readonly legend: string }[];
}

export interface Dashboard {
  /** Its file, and its stable identity. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Variables beside the data source and the namespace, each the values of a label. */
  readonly variables?: readonly { readonly name: string; readonly values: string; readonly many?: boolean }[];
  readonly panels: readonly Panel[];
}

/** One query of a panel. */
export const query = (expr: string, legend = ''): Panel['targets'][number] => ({ expr, legend });

type Some = Panel['targets'][number] | readonly Panel['targets'][number][];
type Options = Partial<Pick<Panel, 'unit' | 'description' | 'width' | 'height'>>;

const panel =
  (type: Panel['type'], width: number, height: number) =>
  (title: string, targets: Some, options: Options = {}): Panel => ({
    ...{ title, type, width, height },
    targets: [targets].flat(),
    ...options,
  });

/** A curve over time; two beside each other. */
export const graph = panel('timeseries', 12, 8);
/** One number; four beside each other. */
export const number = panel('stat', 6, 4);
export const heading = (title: string): Panel => ({ ...{ title, type: 'row', width: 24, height: 1 }, targets: [] });

/** A quantile of a histogram, over all series or by labels. */
export const quantile = (q: number, metric: string, selector: string, by: readonly string[] = []): string =>
  `histogram_quantile(${q}, sum by (${['le', ...by].join(', ')}) (rate(${metric}_bucket{${selector}}[$__rate_interval])))`;
