import { buildAll } from '@kinora/local';
import { nodeBinary, workspaceRoot } from '@kinora/testing';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { NODE_IMAGE } from './base/base';
import { type Image, programsOf } from './catalogue';
import { prepareContext } from './context';
import { type Engine } from './engine/engine';
import { type Facts } from './facts';
import { labelsOf } from './labels';
import { run } from './run';

export class TooLarge extends Error {
  override name = 'TooLarge';
}

export interface BuiltImage {
  readonly image: Image;
  /** Whole: with the registry's prefix and the tag. */
  readonly name: string;
  readonly id: string;
  readonly megabytes: number;
}

export const nameOf = (image: Image, registry: string, tag: string): string =>
  `${registry === '' ? '' : `${registry}/`}kinora/${image.name}:${tag}`;

/** Builds what goes into images where it is stale: services as `npm start` does, so that what the tests ran on is what goes in. */
export async function buildBundles(images: readonly Image[]): Promise<void> {
  await mkdir(path.join(workspaceRoot, 'dist/images'), { recursive: true });
  await buildAll(path.join(workspaceRoot, 'dist/images/build.log'));
  for (const program of programsOf(images).filter((folder) => folder.startsWith('tools/')))
    await run(nodeBinary(), ['tools/build/service.mjs', program], { cwd: workspaceRoot });
}

/** @throws TooLarge, or whatever the engine's build failed with */
export async function buildImage(engine: Engine, image: Image, name: string, facts: Facts): Promise<BuiltImage> {
  const context = await prepareContext(image);
  await engine.build({
    name,
    dockerfile: path.join(workspaceRoot, image.dockerfile),
    context,
    target: image.target,
    args: { NODE_IMAGE, ...(image.runtime && { RUNTIME: image.runtime }) },
    labels: labelsOf(image, facts),
    epoch: facts.epoch,
  });
  const built = await engine.inspect(name);
  if (!built) throw new Error(`${name} was built and is not there`);
  return { image, name, id: built.id, megabytes: built.bytes / 1e6 };
}

/** One line about an image, and whether it has kept within its bound. */
export function verdictOf({ image, name, megabytes }: BuiltImage): { line: string; fits: boolean } {
  const fits = megabytes <= image.boundMb;
  const size = `${megabytes.toFixed(1).padStart(6)} MB of ${image.boundMb} MB`;
  return { line: `${name.padEnd(32)} ${size}${fits ? '' : '  TOO LARGE'}`, fits };
}
