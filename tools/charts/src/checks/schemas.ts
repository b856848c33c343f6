import { workspaceRoot } from '@kinora/testing';
import path from 'node:path';
import { attempt } from '../attempt';
import { type Check } from '../check';
import { KUBERNETES, schemaLocations } from '../install/schemas';
import { KUBECONFORM, goTool } from '../install/tools';

interface Report {
  readonly resources?: readonly {
    readonly filename: string;
    readonly kind: string;
    readonly name: string;
    readonly status: string;
    readonly msg: string;
  }[];
  readonly summary: { readonly valid: number; readonly skipped: number };
}

/** What a cluster is given beside the chart. */
const BESIDE = ['namespaces', 'priority-classes', 'cluster-secret-store'].map((name) =>
  path.join(workspaceRoot, 'k8s', `${name}.yaml`),
);

/** Every manifest against the schemas of each version of Kubernetes, and of the definitions of others. */
export const schemas: Check = {
  name: `schemas of Kubernetes ${KUBERNETES.join(', ')}`,
  needs: ['Go', 'Python 3 with pip'],
  async run({ renderings, signal }) {
    const kubeconform = await goTool(KUBECONFORM, signal);
    const locations = (await schemaLocations(signal)).flatMap((location) => ['-schema-location', location]);
    let passed = 0;
    const problems: string[] = [];
    // All files at once: reading the schemas is what takes long.
    const files = [...renderings.map(({ file }) => file), ...BESIDE];
    for (const version of KUBERNETES) {
      const args = ['-strict', '-summary', '-output', 'json', '-kubernetes-version', version, ...locations, ...files];
      const { stdout, stderr } = await attempt(kubeconform, args, { signal });
      if (!stdout.startsWith('{')) throw new Error(`kubeconform: ${stderr}`);
      const { resources = [], summary } = JSON.parse(stdout) as Report;
      passed += summary.valid;
      problems.push(
        ...resources.map(
          ({ filename, kind, name, msg }) => `${path.basename(filename)}, ${version}: ${kind} ${name}: ${msg}`,
        ),
      );
    }
    return { passed, problems };
  },
};
