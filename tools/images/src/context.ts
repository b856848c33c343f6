import { bundleOf, webRoot } from '@kinora/local';
import { workspaceRoot } from '@kinora/testing';
import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Image } from './catalogue';

const contextOf = (name: string): string => path.join(workspaceRoot, 'dist/images/context', name);
/** A map of the sources is of use to whoever has the sources, and makes a service twice as large in memory. */
const shipped = (file: string): boolean => !file.endsWith('.map');

/** Puts what goes into an image, and nothing else, into a folder of its own; returns that. */
export async function prepareContext(image: Image): Promise<string> {
  const context = contextOf(image.name);
  await rm(context, { recursive: true, force: true });
  const app = path.join(context, 'app');
  await mkdir(app, { recursive: true });
  const built = path.dirname(bundleOf(image.name as never));
  for (const file of ['main.js', 'variables.json']) await cp(path.join(built, file), path.join(app, file));
  if (image.name === 'web') await cp(webRoot, path.join(app, 'public'), { recursive: true, filter: shipped });
  return context;
}
