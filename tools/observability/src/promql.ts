/** A metric in an expression, and the labels that it is selected by. */
export interface Selected {
  readonly metric: string;
  readonly labels: readonly string[];
}

const WORDS = new Set(
  'and or unless by without on ignoring group_left group_right offset bool inf nan start end atan2'.split(' '),
);
/** Lists of labels after these name no metric. */
const LISTS = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);
const TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[a-zA-Z_:][a-zA-Z0-9_:]*|\d[\w.]*|[^\s]/g;

/** Without comments; variables of Grafana stand for values. */
const plain = (expr: string): string =>
  expr.replace(/("(?:[^"\\]|\\.)*")|#.*$/gm, (_, text?: string) => text ?? '').replace(/\$__rate_interval/g, '5m');

/** The metrics that an expression of PromQL reads, each as often as it does, and all labels that it groups by. */
export function metricsOf(expr: string): { selected: Selected[]; grouped: string[] } {
  const tokens: readonly string[] = plain(expr).match(TOKEN) ?? [];
  const selected: Selected[] = [];
  const grouped: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? '';
    if (token === '[') at = tokens.indexOf(']', at);
    else if (LISTS.has(token) && tokens[at + 1] === '(') {
      const end = tokens.indexOf(')', at);
      grouped.push(...tokens.slice(at + 2, end).filter((one) => one !== ','));
      at = end;
    } else if (!/^[a-zA-Z_:]/.test(token) || WORDS.has(token.toLowerCase()) || tokens[at + 1] === '(') continue;
    // An aggregation may have its list of labels first: `sum by (…) (…)`.
    else if (LISTS.has(tokens[at + 1] ?? '')) continue;
    else if (tokens[at + 1] === '{') {
      const end = tokens.indexOf('}', at);
      const inside = tokens.slice(at + 2, end);
      const labels = inside.filter((one, n) => /^[a-zA-Z_]/.test(one) && /^[=!]/.test(inside[n + 1] ?? ''));
      selected.push({ metric: token, labels });
      at = end;
    } else selected.push({ metric: token, labels: [] });
  }
  return { selected, grouped };
}
