import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DNS_IP, NODE_IP, SERVICE_CIDR } from './addresses';
import { output } from './command';

/**
 * What the kubelet sets on a machine that it takes for its own. Here it finds files in their place, which have these values:
 * the machine is somebody else's.
 */
const SYSCTLS = {
  'vm/overcommit_memory': '1',
  'kernel/panic': '10',
  'kernel/panic_on_oops': '1',
  'kernel/keys/root_maxkeys': '1000000',
  'kernel/keys/root_maxbytes': '25000000',
};

/**
 * Makes the namespaces of this process a host that a cluster may fill. `/run` and `/var` are folders of `state`, so that
 * whatever is written there (sockets, logs, the network's leases, the kubelet's volumes) goes with it.
 */
export async function makeHost(state: string): Promise<void> {
  await output('mount', '--make-rslave', '/');
  for (const [name, content] of Object.entries(SYSCTLS)) {
    const file = path.join(state, 'sysctl', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${content}\n`);
    await output('mount', '--bind', file, `/proc/sys/${name}`);
  }
  await output('mount', '-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', '/run');
  const var_ = path.join(state, 'var');
  for (const name of ['lib', 'log', 'cache', 'tmp']) mkdirSync(path.join(var_, name), { recursive: true });
  symlinkSync('/run', path.join(var_, 'run'));
  await output('mount', '--bind', var_, '/var');
  // Volumes are mounted into pods by the kubelet and must show in containers that run already.
  await output('mount', '--make-rshared', '/');
  await output('ip', 'link', 'set', 'lo', 'up');
  for (const address of [NODE_IP, DNS_IP]) await output('ip', 'address', 'add', `${address}/32`, 'dev', 'lo');
  // An address of a service is nobody's: it needs a way to go before the packet filter gives it another one.
  await output('ip', 'route', 'add', SERVICE_CIDR, 'dev', 'lo');
  writeFileSync('/proc/sys/net/ipv4/ip_forward', '1');
}
