import { nodeBinary, workspaceRoot } from '@kinora/testing';
import { copyFile, link, mkdtemp, readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { type Engine } from '../engine/engine';
import { install } from '../install';
import { mirrorsHere } from './debian';
import { debianTar, RECIPE } from './rootfs';

/** Of every image, unless `KINORA_NODE_IMAGE` says another (in CI: one by its digest). */
export const NODE_IMAGE = process.env['KINORA_NODE_IMAGE'] || 'docker.io/library/node:24-bookworm-slim';
/** On an image that was made here: of what. */
const MADE = 'dev.kinora.base';

const cache = (): string => path.join(process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'), 'kinora/images');

/** Whether the registry of an image answers at all; that it wants a password first is an answer. */
async function registryAnswers(image: string): Promise<boolean> {
  const [host = ''] = image.split('/');
  const url = `https://${host === 'docker.io' ? 'registry-1.docker.io' : host}/v2/`;
  return fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
    () => true,
    () => false,
  );
}

/** Sees to it that the engine has the base image, by the registry or made here under the same name; says which. */
export async function provideBase(
  engine: Engine,
  way: 'auto' | 'registry' | 'local',
  say: (line: string) => void,
): Promise<void> {
  const there = await engine.inspect(NODE_IMAGE);
  const made = there?.labels[MADE];
  if (there && made === undefined && way !== 'local') return say(`base ${NODE_IMAGE}: already here`);
  if (way === 'registry' || (way === 'auto' && (await registryAnswers(NODE_IMAGE)))) {
    say(`base ${NODE_IMAGE}: from the registry`);
    return engine.pull(NODE_IMAGE);
  }
  const version = await nodeVersion();
  const recipe = `debian ${RECIPE}, node ${version}`;
  if (made === recipe) return say(`base ${NODE_IMAGE}: made here before (${recipe})`);
  say(`base ${NODE_IMAGE}: no registry answers, so it is made here`);
  await makeBase(engine, version, recipe, say);
}

async function makeBase(engine: Engine, version: string, recipe: string, say: (line: string) => void): Promise<void> {
  await install('debootstrap');
  const tar = await debianTar(cache(), mirrorsHere(), say);
  const context = await mkdtemp(path.join(cache(), 'base-'));
  try {
    await link(tar, path.join(context, 'debian.tar'));
    await copyFile(nodeBinary(), path.join(context, 'node'));
    await engine.build({
      name: NODE_IMAGE,
      dockerfile: path.join(workspaceRoot, 'tools/images/src/base/Dockerfile'),
      context,
      args: { NODE_VERSION: version },
      labels: { [MADE]: recipe },
      epoch: 0,
    });
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

/** The Node that the project pins, whose binary npm has brought. */
async function nodeVersion(): Promise<string> {
  const manifest = path.join(workspaceRoot, 'node_modules/node/package.json');
  return (JSON.parse(await readFile(manifest, 'utf8')) as { version: string }).version;
}
