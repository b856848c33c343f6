import { parseArgs } from 'node:util';

export const USAGE = `npm run check:chart [-- WORD …] [--write]

Renders helm/kinora with every set of values and checks the result: Helm itself, our own tests, schemas of Kubernetes, kube-score, checkov,
conftest; and besides Dockerfiles, workflows and the tree. Checkers are installed into ~/.cache/kinora first. With words: only the checks
whose names hold one of them.

  --write  writes the chart's README anew from values.yaml, and the variables that its schema knows from the services
  --help   this text`;

export interface Options {
  readonly words: readonly string[];
  readonly write: boolean;
  readonly help: boolean;
}

export function parseOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { write: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  return { words: positionals, write: values.write, help: values.help };
}
