import { parseArgs } from 'node:util';
import { table } from '../report';
import { type Figure, type Measurement } from './goal';
import { measurements } from './index';

/** Measurements that answer for any of the ids, each with those it is asked for. @throws for an id that nobody knows */
export function selected(all: readonly Measurement[], ids: readonly string[]): [Measurement, Set<string>][] {
  const known = all.flatMap((one) => Object.keys(one.goals));
  const strange = ids.filter((id) => !known.includes(id));
  if (strange.length > 0) throw new Error(`no such goal: ${strange.join(', ')}; there are ${known.join(', ')}`);
  return all
    .map((one): [Measurement, Set<string>] => [
      one,
      new Set(Object.keys(one.goals).filter((id) => ids.length === 0 || ids.includes(id))),
    ])
    .filter(([, wanted]) => wanted.size > 0);
}

const shown = (figure: Figure): string[] => [
  ...[figure.ratio, figure.min, figure.max].map((value) => value.toFixed(4)),
  figure.control === null ? '' : figure.control.toFixed(4),
  figure.met ? 'yes' : 'NO',
];

/** Measures the goals of these ids, or all; prints a table, or one object by id. */
export async function goals(args: string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: '3' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const options = {
    runs: Number(values.runs),
    quick: values.quick,
    say: (text: string) => void process.stderr.write(`${text}\n`),
  };
  const found = new Map<string, Figure>();
  const demands = new Map<string, string>();
  for (const [measurement, wanted] of selected(measurements, positionals)) {
    options.say(`measuring ${[...wanted].join(', ')}`);
    const figures = await measurement.run(wanted, options);
    for (const id of wanted) {
      const figure = figures[id];
      if (!figure) throw new Error(`${id} was not measured`);
      found.set(id, figure);
      demands.set(id, measurement.goals[id] ?? '');
    }
  }
  if (values.json) console.log(JSON.stringify(Object.fromEntries(found)));
  else {
    const rows = [...found].map(([id, figure]) => [id, demands.get(id) ?? '', ...shown(figure)]);
    console.log(table(['goal', 'demand', 'median', 'least', 'most', 'control', 'met'], rows));
  }
  return [...found.values()].every((figure) => figure.met);
}
