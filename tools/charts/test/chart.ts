import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { type Manifest, parseManifests, readManifests } from '../src/manifests';
import { CHART, type Rendering } from '../src/render';

const { helm, renderings } = JSON.parse(process.env['KINORA_CHARTS'] ?? '{}') as {
  helm: string;
  renderings: Rendering[];
};

export interface Rendered {
  readonly name: string;
  readonly manifests: readonly Manifest[];
}

/** The chart as each set of values makes it. */
export const rendered: readonly Rendered[] = renderings.map(({ name, file }) => ({
  name,
  manifests: readManifests(file),
}));

export const renderedAs = (name: string): readonly Manifest[] => {
  const found = rendered.find((one) => one.name === name);
  if (!found) throw new Error(`there are no values ${name}`);
  return found.manifests;
};

const values = (args: readonly string[]): string[] =>
  args.flatMap((arg) => (arg.endsWith('.yaml') ? ['-f', path.join(CHART, arg)] : ['--set-json', arg]));

/** Renders with files of values, and settings such as `config.logLevel="debug"`. @throws with Helm's words */
export function template(...args: string[]): Manifest[] {
  const result = spawnSync(helm, ['template', 'kinora', CHART, '--namespace', 'kinora', ...values(args)], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
  });
  if (result.status !== 0) throw new Error(result.stderr);
  return parseManifests(result.stdout);
}

/** A file of the chart, read as YAML. */
export const chartFile = <T>(name: string): T => parse(readFileSync(path.join(CHART, name), 'utf8')) as T;

export const ofKind = (manifests: readonly Manifest[], kind: string): Manifest[] =>
  manifests.filter((one) => one.kind === kind);

export function find(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.find((one) => one.kind === kind && one.metadata.name === name);
  if (!found) throw new Error(`there is no ${kind} ${name}`);
  return found;
}

export const componentOf = ({ metadata }: Manifest): string => metadata.labels?.['app.kubernetes.io/component'] ?? '';

interface EnvironmentVariable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly secretKeyRef: { readonly name: string; readonly key: string; readonly optional?: boolean };
  };
}

/** The template of the pods that a workload makes, or the pod itself. */
export function podOf(
  manifest: Manifest,
): { labels: Record<string, string>; annotations: Record<string, string>; spec: Pod } | undefined {
  const pod = manifest.kind === 'Pod' ? manifest : (manifest['spec']?.template as Manifest | undefined);
  return (
    pod?.['spec']?.containers && {
      labels: pod.metadata.labels ?? {},
      annotations: pod.metadata.annotations ?? {},
      spec: pod['spec'] as Pod,
    }
  );
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly env?: readonly EnvironmentVariable[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly [field: string]: any;
}

export interface Pod {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly [field: string]: any;
}

/** What a container's process finds in its environment. Secrets that are not among the manifests are asked for. */
export function environmentOf(
  manifests: readonly Manifest[],
  container: Container,
  secretElsewhere: (variable: string) => string | undefined = () => undefined,
): Record<string, string> {
  const variables = (container.env ?? []).flatMap(({ name, value, valueFrom }) => {
    if (value !== undefined) return [[name, value] as const];
    const secret = ofKind(manifests, 'Secret').find((one) => one.metadata.name === valueFrom?.secretKeyRef.name);
    const found = secret
      ? (secret['stringData'] as Record<string, string>)[valueFrom?.secretKeyRef.key ?? '']
      : secretElsewhere(name);
    if (found !== undefined) return [[name, found] as const];
    if (valueFrom?.secretKeyRef.optional === true) return [];
    throw new Error(`${name} comes from a Secret that has no ${valueFrom?.secretKeyRef.key}`);
  });
  return Object.fromEntries(variables);
}
