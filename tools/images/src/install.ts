import { workspaceRoot } from '@kinora/testing';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Installs programs where they are missing and this process may, as `npm start` does. @throws with the command that a person must run */
export async function install(...programs: string[]): Promise<void> {
  const file = path.join(workspaceRoot, 'tools/local/bootstrap/programs.mjs');
  const { installPrograms } = (await import(pathToFileURL(file).href)) as {
    installPrograms: (needs: readonly string[]) => Promise<unknown>;
  };
  await installPrograms(programs);
}
