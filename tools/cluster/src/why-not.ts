import { lacking } from '@kinora/backends';
import { findProgram } from '@kinora/testing';

/** Programs of a node, and in which Debian packages they come; the bootstrap has installed them where it may. */
const PROGRAMS = {
  containerd: 'containerd',
  runc: 'runc',
  '/usr/lib/cni/ptp': 'containernetworking-plugins',
  iptables: 'iptables',
  ipset: 'ipset',
  conntrack: 'conntrack',
  ip: 'iproute2',
  openssl: 'openssl',
  unzip: 'unzip',
} as const;

/** Why no cluster can be started on this machine; undefined if one can. */
export function whyNot(
  { platform, arch, uid }: { platform: string; arch: string; uid: number | undefined },
  find: (program: string) => string | undefined = findProgram,
): string | undefined {
  if (platform !== 'linux' || arch !== 'x64')
    return `a node of Kubernetes needs Linux on x64, and this is ${platform} on ${arch}`;
  if (uid !== 0) return 'a node of Kubernetes needs root';
  const packages = Object.entries(PROGRAMS).filter(
    ([name]) => find(name) === undefined && find(`/usr/sbin/${name}`) === undefined,
  );
  if (packages.length > 0) return `these packages are missing: ${packages.map(([, name]) => name).join(', ')}`;
  return lacking(['Go'], find).length > 0 ? 'Go is not installed' : undefined;
}
