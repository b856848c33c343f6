import { buildAll } from '@kinora/local';
import { nodeBinary, workspaceRoot } from '@kinora/testing';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { NODE_IMAGE } from './base/base';
import { type Image, programsOf } from './catalogue';
import { prepareContext } from './context';
import { type Engine } from './engine/engine';
import { type Facts } from './facts';
import { labelsOf } from './labels';
import { run } from './run';
import { contentsOf } from './sbom/contents';
import { cycloneDx } from './sbom/cyclonedx';

/** The context of stages that take nothing from it. */
const EMPTY = path.join(workspaceRoot, 'dist/images/context/none');

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
  await mkdir(EMPTY, { recursive: true });
  await buildAll(path.join(workspaceRoot, 'dist/images/build.log'));
  for (const program of programsOf(images).filter((folder) => folder.startsWith('tools/')))
    await run(nodeBinary(), ['tools/build/service.mjs', program], { cwd: workspaceRoot });
}

/** Builds one image with its SBOM inside, and writes that to dist/images, too. */
export async function buildImage(engine: Engine, image: Image, name: string, facts: Facts): Promise<BuiltImage> {
  const dockerfile = path.join(workspaceRoot, image.dockerfile);
  const args = { NODE_IMAGE, ...(image.target === 'service' && { RUNTIME: image.runtime }) };
  // First what stands below: its packages are part of the SBOM, and it does not change with the commit.
  const below = `kinora/base-${image.runtime}:local`;
  await engine.build({
    name: below,
    dockerfile,
    context: EMPTY,
    target: image.runtime,
    args: { NODE_IMAGE },
    epoch: 0,
  });
  const sbom = JSON.stringify(cycloneDx(await contentsOf(engine, image, below), facts), undefined, 1);
  await writeFile(path.join(workspaceRoot, `dist/images/${image.name}.sbom.json`), sbom);

  const context = await prepareContext(image, sbom);
  const labels = labelsOf(image, facts);
  await engine.build({ name, dockerfile, context, target: image.target, args, labels, epoch: facts.epoch });
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
