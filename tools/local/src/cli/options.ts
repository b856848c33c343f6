import { statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { workspaceRoot } from '@kinora/testing';

export interface StartOptions {
  port: number;
  dataDir: string;
  exit: boolean;
  json: boolean;
  help: boolean;
  watch: boolean;
  /** The video to upload. */
  file?: string;
}

export class UsageError extends Error {
  override name = 'UsageError';
}

export const USAGE = `npm start -- [FILE] [options]

Starts the whole platform on this machine. With FILE: uploads that video through the public API, shows how its
encoding goes, and prints where to watch it.

  --port N     port of the platform (default 8080); 0 takes a free one
  --data DIR   where everything is kept between runs (default .data)
  --exit       leave when the video is ready (status 0) or has failed (status 1)
  --json       one JSON object per line for each step (use: npm start --silent -- …)
  --help       this text

Environment: KINORA_DEMO_PASSWORD  password of demo@kinora.local; without it, a random one per data folder
`;

/** Reads the command line of `npm start` and `npm run dev`. Relative paths are meant from where the person typed them. */
export function parseStart(args: readonly string[], { watch = false, cwd = typedIn() } = {}): StartOptions {
  const { values, positionals } = parse(args);
  if (positionals.length > 1) throw new UsageError(`one video at a time, please: ${positionals.join(', ')}`);
  const port = Number(values.port ?? 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`--port must be a number between 0 and 65535, not "${values.port}"`);
  const file = positionals[0] === undefined ? undefined : path.resolve(cwd, positionals[0]);
  if (file !== undefined && !statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new UsageError(`there is no file ${file}`);
  return {
    port,
    dataDir: values.data === undefined ? path.join(workspaceRoot, '.data') : path.resolve(cwd, values.data),
    exit: values.exit ?? false,
    json: values.json ?? false,
    help: values.help ?? false,
    watch,
    ...(file !== undefined && { file }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        exit: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** npm runs scripts in the workspace's root, and says where it was called. */
function typedIn(): string {
  const { INIT_CWD, npm_package_json } = process.env;
  return INIT_CWD !== undefined && npm_package_json === path.join(workspaceRoot, 'package.json')
    ? INIT_CWD
    : process.cwd();
}
