import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type z } from 'zod';
import { ConfigError, type Environment, loadConfig, noticingConfig, tracingShape } from './config';
import { type Base } from './run';
import { secretProblems, useSecrets } from './secrets';

/** How one variable would be read. */
export interface Variable {
  readonly name: string;
  readonly state: 'missing' | 'wrong' | 'set' | 'default' | 'not set';
  /** What is wrong, or the default. Never what was set: it may be a secret. */
  readonly detail?: string;
  /** What it is for. */
  readonly meaning?: string;
}

export interface ConfigReport {
  readonly variables: readonly Variable[];
  /** Problems of several variables together, or of a reader of its own. */
  readonly others: readonly string[];
}

/** Where a composition begins: what it reads of its configuration is read by then. */
class ReadingEnded extends Error {}
const end = (): never => {
  throw new ReadingEnded();
};
const noBase = new Proxy({} as Base, { get: end, has: end, ownKeys: end });

const absent = (value: string | undefined): boolean => value === undefined || value === '';

/** A default that a person can read; others are made from code and say nothing. */
function shown(value: unknown): string | undefined {
  if (value instanceof Object && !Array.isArray(value)) return undefined;
  const text = Array.isArray(value) ? value.join(',') : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function variableOf(name: string, schema: z.ZodType, env: Environment, meaning: string | undefined): Variable {
  const value = env[name];
  const about = { name, ...(meaning !== undefined && { meaning }) };
  const unread = secretProblems(env).get(name);
  if (unread !== undefined) return { ...about, state: 'wrong', detail: unread };
  const parsed = schema.safeParse(absent(value) ? undefined : value);
  if (!parsed.success) {
    if (absent(value)) return { ...about, state: 'missing' };
    const problems = parsed.error.issues.map(({ message }) => message).join('; ');
    return { ...about, state: 'wrong', detail: without(problems, [value ?? '']) };
  }
  if (!absent(value)) return { ...about, state: 'set' };
  if (parsed.data === undefined) return { ...about, state: 'not set' };
  const detail = shown(parsed.data);
  return { ...about, state: 'default', ...(detail !== undefined && { detail }) };
}

/**
 * Runs a composition up to the point where it has read its configuration, and reports on every variable.
 * @param meanings what variables are for, by name; a schema's own description is preferred
 */
export async function reportConfig(
  compose: (base: Base) => unknown,
  meanings: Readonly<Record<string, string>> = {},
): Promise<ConfigReport> {
  const variables: Variable[] = [];
  const values: string[] = [];
  const others: string[] = [];
  const notice = (shape: z.ZodRawShape, env: Environment): void => {
    for (const [name, schema] of Object.entries(shape) as [string, z.ZodType][]) {
      variables.push(variableOf(name, schema, env, schema.description ?? meanings[name]));
      if (!absent(env[name])) values.push(env[name] ?? '');
    }
  };
  try {
    await noticingConfig(notice, () => compose(noBase));
  } catch (error) {
    // A reader that fails over what is missing has nothing to add.
    if (error instanceof ConfigError || !(error instanceof ReadingEnded || variables.some(isBad)))
      others.push(...linesOf(error));
  }
  return { variables, others: others.map((line) => without(line, values)) };
}

const linesOf = (error: unknown): string[] =>
  (error instanceof Error ? error.message : String(error))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== 'the configuration is not complete:');

/** The text without what was set, should an error repeat it; short values, such as numbers, are no secrets. */
const without = (text: string, values: readonly string[]): string =>
  values.filter((value) => value.length >= 8).reduce((rest, value) => rest.replaceAll(value, '…'), text);

const isBad = ({ state }: Variable): boolean => state === 'missing' || state === 'wrong';
const ORDER: readonly Variable['state'][] = ['missing', 'wrong', 'set', 'default', 'not set'];

/** The report for a person: what must be done first, then everything else. */
export function textOf(service: string, { variables, others }: ConfigReport): string {
  const wrong = variables.filter(isBad).length + others.length;
  const width = Math.max(...variables.map(({ name }) => name.length));
  const rows = [...variables]
    .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state))
    .map(({ name, state, detail, meaning }) =>
      `  ${state.padEnd(8)} ${name.padEnd(width)}  ${[detail, meaning].filter(Boolean).join(' — ')}`.trimEnd(),
    );
  const verdict = wrong === 0 ? 'the configuration is complete' : `${wrong} ${wrong === 1 ? 'problem' : 'problems'}`;
  return [`${service}: ${verdict}`, ...others.map((one) => `  ${one}`), ...rows].join('\n');
}

/** Beside the bundle: what the comments in the sources say of variables. */
function meaningsBeside(program: string | undefined): Record<string, string> {
  const file = path.join(path.dirname(program ?? ''), 'variables.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
}

/**
 * `node main.js --check-config`: prints how the environment would be read; status 0 when the service could start with it. Secrets that it points to
 * are fetched: one that is missing is found here rather than by a pod.
 */
export async function checkConfig(service: string, compose: (base: Base) => unknown): Promise<void> {
  await useSecrets();
  const all = (base: Base): unknown => {
    loadConfig(tracingShape);
    return compose(base);
  };
  const report = await reportConfig(all, meaningsBeside(process.argv[1]));
  process.stdout.write(`${textOf(service, report)}\n`);
  const bad = report.others.length > 0 || report.variables.some(isBad);
  process.exitCode = bad ? 1 : 0;
}
