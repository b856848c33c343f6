import { workspaceRoot } from '@kinora/testing';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Image } from './catalogue';

/** A map of the sources is of use to whoever has the sources, and makes a service twice as large in memory. */
const shipped = (file: string): boolean => !file.endsWith('.map');

/** Puts what goes into an image, and nothing else, into a folder of its own; returns that. */
export async function prepareContext(image: Image, sbom: string): Promise<string> {
  const context = path.join(workspaceRoot, 'dist/images/context', image.name);
  await rm(context, { recursive: true, force: true });
  await mkdir(path.join(context, 'app'), { recursive: true });
  const bundle = image.program && { 'main.js': `dist/${image.program}/main.js` };
  for (const [name, source] of Object.entries({ ...bundle, ...image.files }))
    await cp(path.join(workspaceRoot, source), path.join(context, 'app', name), { recursive: true, filter: shipped });
  await writeFile(path.join(context, 'app/sbom.json'), sbom);
  return context;
}
