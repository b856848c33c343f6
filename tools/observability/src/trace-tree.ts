import { type ReceivedSpan } from '@kinora/testing';

interface Node {
  readonly span: ReceivedSpan;
  readonly children: Node[];
}

function nodesOf(spans: readonly ReceivedSpan[]): Node[] {
  const nodes = new Map(spans.map((span) => [span.spanId, { span, children: [] } satisfies Node as Node]));
  const roots: Node[] = [];
  for (const node of nodes.values()) {
    const parent = nodes.get(node.span.parentSpanId ?? '');
    (parent?.children ?? roots).push(node);
  }
  for (const { children } of nodes.values()) children.sort((a, b) => a.span.startMs - b.span.startMs);
  return roots;
}

const sameWork = (a: Node, b: Node): boolean =>
  a.children.length === 0 &&
  b.children.length === 0 &&
  a.span.name === b.span.name &&
  a.span.service === b.span.service;

/** Neighbours without children that are alike, as one line. */
function groups(nodes: readonly Node[]): Node[][] {
  const all: Node[][] = [];
  for (const node of nodes) {
    const last = all.at(-1);
    if (last?.[0] && sameWork(last[0], node)) last.push(node);
    else all.push([node]);
  }
  return all;
}

/** The spans of one trace as a tree for people: when each began, what it is, in which service, how long it took. */
export function traceTree(spans: readonly ReceivedSpan[]): string {
  const begin = Math.min(...spans.map(({ startMs }) => startMs));
  const lines: string[] = [];
  const print = (nodes: readonly Node[], depth: number): void => {
    for (const alike of groups(nodes)) {
      const [{ span, children } = { span: undefined, children: [] }] = alike;
      if (!span) continue;
      const end = Math.max(...alike.map((one) => one.span.endMs));
      const what = `${'  '.repeat(depth)}${span.service}: ${span.name}${alike.length > 1 ? ` × ${alike.length}` : ''}`;
      const times = `${String(Math.round(span.startMs - begin)).padStart(6)} ms ${String(Math.round(end - span.startMs)).padStart(6)} ms`;
      lines.push(`${times}  ${what}${span.failed ? '  FAILED' : ''}`);
      print(children, depth + 1);
    }
  };
  print(nodesOf(spans), 0);
  return lines.join('\n');
}
