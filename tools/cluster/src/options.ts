import { parseArgs } from 'node:util';

export const USAGE = `npm run test:cluster [-- SUITE …] [--images ARCHIVE] [--keep]

Starts a Kubernetes of one real node in namespaces of its own, installs the chart with the platform's own images, and runs
the suites in tools/cluster/test (all of them in order, or those whose names hold one of the words given). What is missing is
installed into ~/.cache/kinora first. Needs Linux and root.

  --images   an archive of images that are built already, as "npm run images -- --tag cluster-1 --archive DIR" writes it
  --keep     only start the cluster, print how to reach it, and wait for Ctrl-C
  --install  only install what is needed
  --help     this text`;

export interface Options {
  readonly suites: readonly string[];
  readonly images: string | undefined;
  readonly keep: boolean;
  readonly install: boolean;
  readonly help: boolean;
}

export function parseOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      images: { type: 'string' },
      keep: { type: 'boolean', default: false },
      install: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return { suites: positionals, images: values.images, keep: values.keep, install: values.install, help: values.help };
}
