import { execFile } from 'node:child_process';
import path from 'node:path';
import { workspaceRoot } from '@kinora/testing';
import { type ClusterAddress } from '../../src/setup';

/** The chart and everything that it makes. */
export const NAMESPACE = 'kinora';
export const RELEASE = 'kinora';
/** The node's port that stands in for a load balancer; the public origin in tools/cluster/values.yaml. */
export const PUBLIC_URL = 'http://10.97.0.1:30080';
const NODE_PORT = 30_080;

export const CHART = path.join(workspaceRoot, 'helm/kinora');
const VALUES = [path.join(CHART, 'values.local.yaml'), path.join(workspaceRoot, 'tools/cluster/values.yaml')];

const address = JSON.parse(process.env['KINORA_CLUSTER'] ?? '{}') as ClusterAddress;

/** A program that ended badly, with all that it said. */
export class CommandFailed extends Error {
  override name = 'CommandFailed';
}

function run(command: string, args: readonly string[], input?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, { maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) =>
      error
        ? reject(new CommandFailed(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`))
        : resolve(stdout + stderr),
    );
    child.stdin?.end(input);
  });
}

export const helm = (...args: string[]): Promise<string> => run(address.helm, ['--namespace', NAMESPACE, ...args]);

export const kubectl = (...args: string[]): Promise<string> =>
  run(address.kubectl, ['--namespace', NAMESPACE, ...args]);

export const apply = (objects: unknown): Promise<string> =>
  run(address.kubectl, ['--namespace', NAMESPACE, 'apply', '-f', '-'], JSON.stringify(objects));

/** The values of a trial on this cluster, and `--set`s. */
export const values = (...sets: string[]): string[] => [
  ...VALUES.flatMap((file) => ['--values', file]),
  ...sets.flatMap((set) => ['--set', set]),
];

export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
  readonly status: {
    readonly phase: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly restartCount: number; readonly ready: boolean }[];
  };
}

export async function list<T>(...what: string[]): Promise<readonly T[]> {
  const said = await run(address.kubectl, ['--namespace', NAMESPACE, 'get', ...what, '-o', 'json']);
  return (JSON.parse(said) as { items: T[] }).items;
}

/** Pods of the release that are meant to stay, without those that are on their way out. */
export const pods = async (...selectors: string[]): Promise<readonly Pod[]> =>
  (await list<Pod>('pods', '-l', [`app.kubernetes.io/instance=${RELEASE}`, ...selectors].join(','))).filter(
    ({ metadata, status }) => metadata.deletionTimestamp === undefined && status.phase !== 'Succeeded',
  );

export const podsOf = (component: string): Promise<readonly Pod[]> => pods(`app.kubernetes.io/component=${component}`);

export const isReady = ({ status }: Pod): boolean =>
  status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;

/** What must be there before the chart: a namespace that takes only what the strictest standard allows, and a way in. */
export async function makeNamespace(): Promise<void> {
  const standard = (mode: string) => [`pod-security.kubernetes.io/${mode}`, 'restricted'];
  await apply({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAMESPACE, labels: Object.fromEntries(['enforce', 'warn', 'audit'].map(standard)) },
  });
  await apply({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'public' },
    spec: {
      type: 'NodePort',
      selector: { 'app.kubernetes.io/instance': RELEASE, 'app.kubernetes.io/component': 'gateway' },
      ports: [{ port: 80, targetPort: 'http', nodePort: NODE_PORT }],
    },
  });
}

/** Installs the release, or changes it to these values, and waits until all of it is ready. */
export const installRelease = (tag: string, ...more: string[]): Promise<string> =>
  helm(
    ...['upgrade', RELEASE, CHART, '--install', '--wait', '--timeout', '10m', ...values(`image.tag=${tag}`)],
    ...more,
  );

/** For messages: what does not run, and why. */
export const complaints = async (): Promise<string> =>
  `${await kubectl('get', 'pods', '-o', 'wide')}\n${await kubectl('get', 'events', '--field-selector', 'type!=Normal')}`;
