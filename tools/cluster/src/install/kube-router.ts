import { prepared, run } from '@kinora/backends';
import { cacheDir } from '@kinora/testing';
import path from 'node:path';

const VERSION = '2.1.0';

/** Makes network policies true on a node, by its packet filter. It can do more, which is left off. */
export async function installKubeRouter(signal: AbortSignal): Promise<string> {
  const folder = await prepared(
    `kube-router-${VERSION}`,
    async (cwd) => {
      const importPath = `github.com/cloudnativelabs/kube-router/v2/cmd/kube-router@v${VERSION}`;
      await run('go', ['install', '-trimpath', '-ldflags', '-s -w', importPath], {
        cwd,
        env: { GOBIN: cwd, CGO_ENABLED: '0', GOFLAGS: '-p=2' },
        signal,
      });
    },
    cacheDir('cluster'),
  );
  return path.join(folder, 'kube-router');
}

export const kubeRouter = { name: 'kube-router', version: VERSION, install: installKubeRouter };
