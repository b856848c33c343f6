import { type Child, program, startServer } from '@kinora/testing';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PAUSE_IMAGE } from '../install/pause';
import { DNS_IP, NODE_IP, NODE_NAME, POD_CIDR, SERVICE_CIDR } from './addresses';
import { type Api } from './api';
import { type Certificates } from './certificates';
import { output } from './command';
import { type Programs } from '../setup';

/** Where Debian puts the plugins. */
const CNI_PLUGINS = '/usr/lib/cni';
const SOCKET = '/run/containerd/containerd.sock';

const containerdConfig = (state: string, network: string): string => `version = 2
root = "${state}/containerd"
state = "/run/containerd/state"
[grpc]
  address = "${SOCKET}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE_IMAGE}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${CNI_PLUGINS}"
    conf_dir = "${network}"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
      BinaryName = "${program('runc', '/usr/sbin/runc')}"
`;

/** Each pod has a cable to the host, and the host routes: so all that pods say to each other passes its packet filter. */
const networkConfig = {
  cniVersion: '0.4.0',
  name: 'kinora',
  plugins: [
    {
      type: 'ptp',
      ipMasq: false,
      ipam: { type: 'host-local', ranges: [[{ subnet: POD_CIDR }]], routes: [{ dst: '0.0.0.0/0' }] },
    },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
};

const kubeletConfig = (certificates: Certificates, state: string, cgroup: string) => ({
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  address: NODE_IP,
  authentication: { anonymous: { enabled: false }, x509: { clientCAFile: certificates.ca } },
  authorization: { mode: 'Webhook' },
  tlsCertFile: certificates.certificate('kubelet'),
  tlsPrivateKeyFile: certificates.key('kubelet'),
  containerRuntimeEndpoint: `unix://${SOCKET}`,
  cgroupDriver: 'cgroupfs',
  cgroupRoot: cgroup,
  enforceNodeAllocatable: [],
  failSwapOn: false,
  failCgroupV1: false,
  oomScoreAdj: 0,
  protectKernelDefaults: true,
  // There is nothing outside that a pod could ask for by name.
  resolvConf: path.join(state, 'resolv.conf'),
  clusterDNS: [DNS_IP],
  clusterDomain: 'cluster.local',
  // Images are not pulled but loaded, so none may be removed to make room; and the disk is not only ours.
  imageGCHighThresholdPercent: 100,
  evictionHard: { 'nodefs.available': '1%', 'imagefs.available': '1%', 'memory.available': '50Mi' },
});

const write = (file: string, content: unknown): string => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

const ctr = (...args: string[]): Promise<string> =>
  output('ctr', '--address', SOCKET, '--namespace', 'k8s.io', ...args);

/**
 * Imports an archive of images into the node.
 * @param alias a second tag for all images that have the first
 */
export async function importImages(archive: string, alias?: { from: string; to: string }): Promise<void> {
  await ctr('images', 'import', archive);
  if (!alias) return;
  const names = (await ctr('images', 'list', '--quiet')).split('\n').filter((name) => name.endsWith(`:${alias.from}`));
  for (const name of names) await ctr('images', 'tag', name, name.slice(0, -alias.from.length) + alias.to);
}

interface Node {
  readonly status: { readonly conditions: readonly { type: string; status: string }[] };
}

/** Starts containerd, the kubelet, kube-proxy and what enforces network policies; ready when the API server knows a node that is. */
export async function startNode(
  state: string,
  programs: Programs,
  {
    certificates,
    api,
    pauseImage,
    cgroup,
  }: { certificates: Certificates; api: Api; pauseImage: string; cgroup: string },
): Promise<Child[]> {
  const log = (name: string): string => path.join(state, 'logs', `${name}.log`);
  const network = path.join(state, 'network');
  write(path.join(network, '10-kinora.conflist'), networkConfig);
  write(path.join(state, 'resolv.conf'), '');
  const containerd = await startServer({
    name: 'containerd',
    command: program('containerd'),
    args: ['--config', write(path.join(state, 'containerd.toml'), containerdConfig(state, network))],
    logFile: log('containerd'),
    ready: async () => existsSync(SOCKET) && (await output('ctr', '--address', SOCKET, 'version')) !== '',
  });
  await importImages(pauseImage);
  const proxy = startServer({
    name: 'kube-proxy',
    command: programs['kube-proxy'],
    args: [
      ...[`--kubeconfig=${certificates.kubeconfig('kube-proxy')}`, `--hostname-override=${NODE_NAME}`],
      ...['--proxy-mode=iptables', `--cluster-cidr=${POD_CIDR}`, '--iptables-localhost-nodeports=false'],
      // The table of connections belongs to the kernel, not to this namespace.
      ...[
        '--conntrack-max-per-core=0',
        '--conntrack-tcp-timeout-established=0',
        '--conntrack-tcp-timeout-close-wait=0',
      ],
      ...['--metrics-bind-address=127.0.0.1:10249', '--healthz-bind-address=127.0.0.1:10256'],
    ],
    logFile: log('kube-proxy'),
    ready: async () => (await fetch('http://127.0.0.1:10256/healthz', { signal: AbortSignal.timeout(2_000) })).ok,
    timeoutMs: 120_000,
  });
  const kubelet = startServer({
    name: 'kubelet',
    command: programs.kubelet,
    args: [
      `--config=${write(path.join(state, 'kubelet.json'), kubeletConfig(certificates, state, cgroup))}`,
      ...[`--kubeconfig=${certificates.kubeconfig('kubelet')}`, `--hostname-override=${NODE_NAME}`],
      ...[`--node-ip=${NODE_IP}`, '--root-dir=/var/lib/kubelet'],
    ],
    logFile: log('kubelet'),
    timeoutMs: 180_000,
    ready: async () => {
      const node = await api.find<Node>(`/api/v1/nodes/${NODE_NAME}`);
      return node?.status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
    },
  });
  const started = await Promise.all([proxy, kubelet]);
  const router = await startServer({
    name: 'kube-router',
    command: programs['kube-router'],
    args: [
      ...['--run-firewall=true', '--run-router=false', '--run-service-proxy=false'],
      ...[`--kubeconfig=${certificates.kubeconfig('admin')}`, `--hostname-override=${NODE_NAME}`],
      ...[`--service-cluster-ip-range=${SERVICE_CIDR}`, '--health-port=20244', '--metrics-port=0'],
    ],
    logFile: log('kube-router'),
    ready: async () => (await fetch('http://127.0.0.1:20244/healthz', { signal: AbortSignal.timeout(2_000) })).ok,
    timeoutMs: 120_000,
  });
  return [containerd, ...started, router];
}
