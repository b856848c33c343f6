import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';

/** The root of the workspace; given by the environment to what was bundled, and so is elsewhere. */
export const workspaceRoot = process.env['KINORA_WORKSPACE'] ?? path.resolve(__dirname, '../../../..');

/** The Node that Kinora is made for (the npm package `node`), whatever runs this process. */
export function nodeBinary(): string {
  const own = path.join(workspaceRoot, 'node_modules/node/bin/node');
  return existsSync(own) ? own : process.execPath;
}

/** Where a program is found, or undefined. `alternatives` (names, or whole paths) are tried in order. */
export function findProgram(...alternatives: string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .concat('/usr/local/bin', '/usr/bin', '/opt/homebrew/bin');
  for (const name of alternatives) {
    for (const folder of folders) {
      const file = path.resolve(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not here.
      }
    }
  }
  return undefined;
}

/** As {@link findProgram}, but a missing program is an error that names it. */
export function program(...alternatives: string[]): string {
  const found = findProgram(...alternatives);
  if (!found) throw new Error(`${alternatives.join(' or ')} is not installed`);
  return found;
}
