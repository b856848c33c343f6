import { findProgram } from '@kinora/testing';
import { install } from '../install';
import { succeeds } from '../run';
import { buildah } from './buildah';
import { docker } from './docker';
import { type Engine } from './engine';

/** Buildah where it is, else a docker whose engine answers; where there is neither, buildah is installed. */
export async function chooseEngine(wanted: Engine['name'] | undefined): Promise<Engine> {
  if (wanted !== 'docker' && findProgram('buildah')) return buildah;
  if (wanted !== 'buildah' && (await succeeds('docker', ['version', '--format', '{{.Server.Version}}']))) return docker;
  if (wanted === 'docker') throw new Error('docker is not installed, or its engine does not answer');
  await install('buildah');
  return buildah;
}
