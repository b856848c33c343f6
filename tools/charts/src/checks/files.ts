import { freshDir, workspaceRoot } from '@kinora/testing';
import { globSync } from 'node:fs';
import { attempt } from '../attempt';
import { type Check, findings } from '../check';
import { ACTIONLINT, LINTERS, goTool, pythonTool } from '../install/tools';

/** Runs a linter over each file; its words are the problem. */
async function each(
  files: readonly string[],
  command: (file: string) => readonly [string, ...string[]],
  signal: AbortSignal,
): Promise<(string | undefined)[]> {
  const outcomes: (string | undefined)[] = [];
  for (const file of files) {
    const [program, ...args] = command(file);
    const { status, stdout, stderr } = await attempt(program, args, { signal });
    outcomes.push(status === 0 ? undefined : `${file}: ${stdout}${stderr}`.trim());
  }
  return outcomes;
}

const find = (pattern: string): string[] => globSync(pattern, { cwd: workspaceRoot }).sort();
const workflows = (): string[] => find('.github/workflows/*.{yml,yaml}');

/** Dockerfiles. */
export const hadolint: Check = {
  name: 'hadolint',
  needs: ['Python 3 with pip'],
  async run({ signal }) {
    const program = await pythonTool(LINTERS, 'hadolint', signal);
    return findings(await each(find('tools/images/**/Dockerfile*'), (file) => [program, file], signal));
  },
};

/** Workflows: whether they are right. */
export const actionlint: Check = {
  name: 'actionlint',
  needs: ['Go'],
  async run({ signal }) {
    const program = await goTool(ACTIONLINT, signal);
    return findings(await each(workflows(), (file) => [program, '-shellcheck=', '-pyflakes=', file], signal));
  },
};

/** Workflows: whether they can be misused. */
export const zizmor: Check = {
  name: 'zizmor',
  needs: ['Python 3 with pip'],
  async run({ signal }) {
    const program = await pythonTool(LINTERS, 'zizmor', signal);
    return findings(
      await each(workflows(), (file) => [program, '--offline', '--quiet', '--no-progress', file], signal),
    );
  },
};

/** Secrets in what is committed, or about to be. */
export const gitleaks: Check = {
  name: 'gitleaks',
  needs: ['Python 3 with pip'],
  async run({ signal }) {
    const program = await pythonTool(LINTERS, 'gitleaks', signal);
    // Neither what is built nor what is installed.
    const tree = freshDir('kinora-tree');
    const copied = await attempt('git', ['checkout-index', '--all', `--prefix=${tree}/`], { signal });
    if (copied.status !== 0) throw new Error(`git: ${copied.stderr}`);
    const args = [
      'dir',
      tree,
      '--no-banner',
      '--no-color',
      '--verbose',
      '--redact',
      '--config',
      'tools/charts/gitleaks.toml',
    ];
    const { status, stdout, stderr } = await attempt(program, args, { signal });
    return findings([status === 0 ? undefined : `${stdout}${stderr}`]);
  },
};
