import { nameOf, permissionsFor } from './permissions';
import { type RecordedCall } from './record';
import { UNPROVEN } from './unproven';
import { SERVICES, servicesOf } from './users';

type Calls = readonly RecordedCall[];

const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** `service permission` for all that services need. What isn't signed, IAM doesn't ask about. */
const needed = (calls: Calls): string[] =>
  sorted(
    calls
      .filter(({ signed }) => signed)
      .flatMap((call) => servicesOf(call).flatMap((service) => permissionsFor(call).map((one) => `${service} ${one}`))),
  );

/** The permissions of every service, a row for each AWS service. */
function permissionsTable(calls: Calls): string {
  const rows = new Map<string, string[]>();
  for (const line of needed(calls)) {
    const [service = '', permission = ''] = line.split(' ');
    const [prefix = '', action = ''] = permission.split(':');
    const row = `${service} ${prefix}`;
    rows.set(row, [...(rows.get(row) ?? []), action]);
  }
  const order = (row: string): number => SERVICES.findIndex((service) => row.startsWith(`${service} `));
  return table(
    ['service', 'of', 'actions in IAM'],
    [...rows]
      .sort(([a], [b]) => order(a) - order(b) || (a < b ? -1 : 1))
      .map(([row, actions]) => [...row.split(' '), actions.map((action) => `\`${action}\``).join(', ')]),
  );
}

/** Every call that was made, where, by which suites, and what that doesn't prove. */
function proofsTable(calls: Calls): string {
  const rows = sorted(calls.map(nameOf)).map((name) => {
    const these = calls.filter((call) => nameOf(call) === name);
    const suites = these.map(({ project, suite }) => (suite ? `${project} ${suite}` : project));
    // A project's name alone stands for calls by signed URL; where its suites are named it says nothing more.
    const telling = suites.filter((one) => !suites.some((other) => other.startsWith(`${one} `)));
    return [
      `\`${name}\``,
      sorted(these.map(({ server }) => server)).join(', '),
      sorted(telling).join(', '),
      UNPROVEN[name] ?? '',
    ];
  });
  return table(['call', 'proven on', 'in', 'unproven without AWS'], rows);
}

const TABLES = { permissions: permissionsTable, proofs: proofsTable } as const;

const between = (name: string): RegExp => new RegExp(`(<!-- ${name}: generated -->\n)[^]*?(<!-- end of ${name} -->)`);

/** The text with its tables made anew; what people wrote around them stays. */
export function withTables(markdown: string, calls: Calls): string {
  return Object.entries(TABLES).reduce((text, [name, render]) => {
    if (!between(name).test(text)) throw new Error(`docs/aws.md has lost its marks for "${name}"`);
    return text.replace(between(name), (_, begin: string, end: string) => `${begin}\n${render(calls)}\n\n${end}`);
  }, markdown);
}

const cellsOf = (markdown: string, name: string): string[][] =>
  (between(name).exec(markdown)?.[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.replaceAll('`', '').trim()),
    );

/** What was called and isn't in the document, as sentences that say what to do. */
export function undocumented(calls: Calls, markdown: string): string[] {
  const proven = new Set(cellsOf(markdown, 'proofs').map(([name]) => name));
  const permitted = new Set(
    cellsOf(markdown, 'permissions').flatMap(([service = '', prefix = '', actions = '']) =>
      actions.split(', ').map((action) => `${service} ${prefix}:${action}`),
    ),
  );
  const names = sorted(calls.map(nameOf));
  return [
    ...names
      .filter((name) => UNPROVEN[name] === undefined)
      .map(
        (name) =>
          `${name} is called: say in tools/backends/src/record/unproven.ts what its stand-in can't prove (or make the client with asSetUp of @kinora/testing, if only a test's preparation calls it)`,
      ),
    ...names
      .filter((name) => !proven.has(name))
      .map((name) => `${name} is called and not in docs/aws.md: run npm run docs:aws`),
    ...needed(calls)
      .filter((line) => !permitted.has(line))
      .map((line) => `${line.replace(' ', ' needs ')}, which docs/aws.md doesn’t say: run npm run docs:aws`),
  ];
}
