import { parseArgs } from 'node:util';

export const USAGE = `npm run test:backends [-- PROJECT …] [--keep]

Runs the suites that need AWS, or what AWS runs, against servers that stand in for it: all of them, or those of some
projects (storage, catalog, …). What is missing is installed into ~/.cache/kinora first.

  --keep   only start the servers, print how tests find them, and wait for Ctrl-C
  --help   this text`;

export interface Options {
  readonly projects: readonly string[];
  readonly keep: boolean;
  readonly help: boolean;
}

export function parseOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { keep: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  return { projects: positionals, keep: values.keep, help: values.help };
}
