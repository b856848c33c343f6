import { workspaceRoot } from '@kinora/testing';
import path from 'node:path';
import { attempt } from '../attempt';
import { type Check } from '../check';
import { CONFTEST, goTool } from '../install/tools';

const POLICIES = path.join(workspaceRoot, 'k8s/policies');

interface Outcome {
  readonly filename: string;
  readonly successes: number;
  readonly failures?: readonly { readonly msg: string }[];
  readonly warnings?: readonly { readonly msg: string }[];
}

/** Our own rules for what runs in the cluster, and that each rule catches what it is there for. */
export const conftest: Check = {
  name: 'conftest',
  needs: ['Go'],
  async run({ renderings, signal }) {
    const program = await goTool(CONFTEST, signal);
    const verify = await attempt(program, ['verify', '--no-color', '--policy', POLICIES], { signal });
    const tests = Number(/(\d+) tests?, (\d+) passed/.exec(verify.stdout)?.[2] ?? 0);
    const problems = verify.status === 0 && tests > 0 ? [] : [`the rules' own tests: ${verify.stdout}${verify.stderr}`];
    const files = renderings.map(({ file }) => file);
    const { stdout, stderr } = await attempt(program, ['test', '--output', 'json', '--policy', POLICIES, ...files], {
      signal,
    });
    if (!stdout.startsWith('[')) throw new Error(`conftest: ${stderr}`);
    const outcomes = JSON.parse(stdout) as Outcome[];
    for (const { filename, failures = [], warnings = [] } of outcomes)
      problems.push(...[...failures, ...warnings].map(({ msg }) => `${path.basename(filename)}: ${msg}`));
    return { passed: tests + outcomes.reduce((sum, { successes }) => sum + successes, 0), problems };
  },
};
