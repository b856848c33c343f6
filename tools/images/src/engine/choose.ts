import { findProgram } from '@kinora/testing';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { workspaceRoot } from '@kinora/testing';
import { succeeds } from '../run';
import { buildah } from './buildah';
import { docker } from './docker';
import { type Engine } from './engine';

/** What is installed for those who may: see tools/local/bootstrap/programs.mjs. */
export async function install(...programs: string[]): Promise<void> {
  const file = path.join(workspaceRoot, 'tools/local/bootstrap/programs.mjs');
  const { installPrograms } = (await import(pathToFileURL(file).href)) as {
    installPrograms: (needs: readonly string[]) => Promise<unknown>;
  };
  await installPrograms(programs);
}

/** Buildah where it is, else a docker whose engine answers; where there is neither, buildah is installed. */
export async function chooseEngine(wanted: Engine['name'] | undefined): Promise<Engine> {
  if (wanted !== 'docker' && findProgram('buildah')) return buildah;
  if (wanted !== 'buildah' && (await succeeds('docker', ['version', '--format', '{{.Server.Version}}']))) return docker;
  if (wanted === 'docker') throw new Error('docker is not installed, or its engine does not answer');
  await install('buildah');
  return buildah;
}
