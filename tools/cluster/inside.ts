import { runJest } from '@kinora/backends';
import { type Child, workspaceRoot } from '@kinora/testing';
import path from 'node:path';
import { startDns } from './src/dns/server';
import { DNS_IP } from './src/inside/addresses';
import { FIRST, SECOND } from './src/images';
import { Api } from './src/inside/api';
import { Certificates } from './src/inside/certificates';
import { startControlPlane } from './src/inside/control-plane';
import { makeHost } from './src/inside/host';
import { importImages, startNode } from './src/inside/node';
import { makeObjects } from './src/inside/objects';
import { type ClusterAddress, type Setup } from './src/setup';

// The first process of a process namespace, in a mount and a network namespace of its own (main.ts made them). When it ends,
// however that comes about, the kernel ends everything that it started, containers too, and the namespaces with their
// mounts, addresses and packet filters.

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort());

const RESULTS = path.join(workspaceRoot, 'dist/test-results/cluster.json');

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  stop.signal.throwIfAborted();
  const began = performance.now();
  const result = await work();
  console.log(`${name} in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return result;
}

/** The control plane, a node, and names. */
async function startCluster(
  { state, cgroup, programs, pauseImage }: Setup,
  certificates: Certificates,
): Promise<Child[]> {
  await makeHost(state);
  await certificates.make();
  const api = new Api(certificates);
  const controlPlane = await timed('Control plane: started', () =>
    startControlPlane(state, programs, certificates, api),
  );
  const node = await timed('Node: ready', () => startNode(state, programs, { certificates, api, pauseImage, cgroup }));
  await startDns(DNS_IP, api);
  return [...controlPlane, ...node];
}

async function main(setup: Setup): Promise<number> {
  const certificates = new Certificates(path.join(setup.state, 'certificates'));
  const processes = await startCluster(setup, certificates);
  void Promise.race(processes.map(async (child) => (await child.exited, `${child.name} ended\n${child.tail()}`))).then(
    (problem) => {
      if (stop.signal.aborted) return;
      console.error(problem);
      stop.abort();
    },
  );
  const kubeconfig = certificates.kubeconfig('admin');
  const { helm, kubectl } = setup.programs;
  await makeObjects({ kubectl, kubeconfig, folder: path.join(setup.state, 'volumes'), crds: setup.crds });
  await timed('Images: loaded', () => importImages(setup.archive, { from: FIRST, to: SECOND }));
  const address: ClusterAddress = { kubeconfig, helm, kubectl };
  const env = {
    ...process.env,
    KINORA_CLUSTER: JSON.stringify(address),
    KUBECONFIG: address.kubeconfig,
    PATH: `${path.dirname(kubectl)}${path.delimiter}${process.env['PATH']}`,
  };
  if (setup.suites.length === 0) {
    console.log(`\nThe cluster runs. Ctrl-C ends it. A shell in it (its pid is that of ${path.basename(__filename)}):
    nsenter --all --target PID env KUBECONFIG=${address.kubeconfig} PATH=${env.PATH} bash`);
    await new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
    return 0;
  }
  const total = await runJest({
    project: 'tools/cluster',
    files: setup.suites,
    output: RESULTS,
    env,
    signal: stop.signal,
  });
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed > 0 || stop.signal.aborted ? 1 : 0;
}

main(JSON.parse(process.argv[2] ?? '{}') as Setup).then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error instanceof Error ? (error.stack ?? error.message) : error);
    process.exit(1);
  },
);
