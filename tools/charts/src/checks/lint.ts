import { attempt } from '../attempt';
import { type Check, findings } from '../check';
import { CHART } from '../render';

/** Helm's own look at the chart, with every set of values; warnings count. */
export const lint: Check = {
  name: 'helm lint',
  needs: [],
  async run({ helm, renderings, signal }) {
    const outcomes: (string | undefined)[] = [];
    for (const { name, values } of renderings) {
      const { status, stdout, stderr } = await attempt(helm, ['lint', CHART, '--strict', '-f', values], { signal });
      outcomes.push(status === 0 ? undefined : `${name}: ${stdout}${stderr}`);
    }
    return findings(outcomes);
  },
};
