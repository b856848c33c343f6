import { prepared, run } from '@kinora/backends';
import { cacheDir } from '@kinora/testing';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const VERSION = '1.34.4';

/** What a node and a control plane are made of; etcd in the version that this Kubernetes is tested with. */
const PROGRAMS = {
  etcd: 'go.etcd.io/etcd/server/v3',
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
  'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
  'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
  kubelet: 'k8s.io/kubernetes/cmd/kubelet',
  'kube-proxy': 'k8s.io/kubernetes/cmd/kube-proxy',
} as const;

export type KubernetesProgram = keyof typeof PROGRAMS;

const ENVIRONMENT = { CGO_ENABLED: '0', GOFLAGS: '-mod=mod -p=2' };

/** `kubectl version` and the version checks of clients read what a release build stamps in. */
const LINKER = (() => {
  const package_ = 'k8s.io/component-base/version';
  const [major, minor] = VERSION.split('.');
  const stamps = { gitVersion: `v${VERSION}`, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  return ['-s', '-w', ...Object.entries(stamps).map(([key, value]) => `-X ${package_}.${key}=${value}`)].join(' ');
})();

/**
 * Makes `folder` a module that requires Kubernetes. Its own go.mod points at the staging folders of its repository, which the
 * module does not carry: they are published as modules of their own, with 0 for the 1 of the version.
 */
async function asModule(folder: string, signal: AbortSignal): Promise<void> {
  const options = { cwd: folder, env: ENVIRONMENT, signal };
  const downloaded = await run('go', ['mod', 'download', '-json', `k8s.io/kubernetes@v${VERSION}`], options);
  const source = /"Dir": "(.+)"/.exec(downloaded)?.[1];
  if (source === undefined) throw new Error(`go mod download did not say where Kubernetes is:\n${downloaded}`);
  const mod = readFileSync(path.join(source, 'go.mod'), 'utf8')
    .replace(/^module .*/m, 'module kinora.test/kubernetes')
    .replaceAll(/=> \.\/staging\/src\/(k8s\.io\/[a-z-]+)/g, `=> $1 v0${VERSION.slice(1)}`);
  writeFileSync(path.join(folder, 'go.mod'), mod);
  cpSync(path.join(source, 'go.sum'), path.join(folder, 'go.sum'));
  await run('go', ['mod', 'edit', `-require=k8s.io/kubernetes@v${VERSION}`], options);
}

/** Builds the programs of Kubernetes from its Go modules, one after the other; the folders they are in, by name. */
export async function installKubernetes(signal: AbortSignal): Promise<Record<KubernetesProgram, string>> {
  const files: Partial<Record<KubernetesProgram, string>> = {};
  for (const [name, importPath] of Object.entries(PROGRAMS) as [KubernetesProgram, string][]) {
    const folder = await prepared(
      `${name}-kubernetes-${VERSION}`,
      async (half) => {
        const module_ = path.join(half, 'module');
        mkdirSync(module_);
        await asModule(module_, signal);
        const output = path.join(half, name);
        await run('go', ['build', '-trimpath', '-ldflags', LINKER, '-o', output, importPath], {
          cwd: module_,
          env: ENVIRONMENT,
          signal,
        });
        rmSync(module_, { recursive: true });
      },
      cacheDir('cluster'),
    );
    files[name] = path.join(folder, name);
  }
  return files as Record<KubernetesProgram, string>;
}

export const kubernetes = { name: 'Kubernetes', version: VERSION, install: installKubernetes };
