import { runJest } from '@kinora/backends';
import { workspaceRoot } from '@kinora/testing';
import { globSync } from 'node:fs';
import path from 'node:path';
import { type Check } from '../check';

/** Our own tests of what is rendered (`*.chart.spec.ts`). */
export const suites: Check = {
  name: 'tests of the rendered chart',
  needs: [],
  countsTests: true,
  async run({ helm, renderings, signal }) {
    const files = globSync('tools/charts/test/*.chart.spec.ts', { cwd: workspaceRoot }).sort();
    const { passed, failed, skipped } = await runJest({
      ...{ project: 'tools/charts', files, signal },
      output: path.join(workspaceRoot, 'dist/test-results/charts.json'),
      env: { ...process.env, KINORA_CHARTS: JSON.stringify({ helm, renderings }) },
    });
    return { passed, skipped, problems: Array.from({ length: failed }, () => 'a test failed; see above') };
  },
};
