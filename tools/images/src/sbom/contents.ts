import { workspaceRoot } from '@kinora/testing';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Image } from '../catalogue';
import { type Engine } from '../engine/engine';
import { type Contents } from './cyclonedx';
import { debianPackages } from './debian-packages';
import { type Lock, npmPackages } from './npm-packages';

const json = (file: string): unknown => JSON.parse(readFileSync(path.join(workspaceRoot, file), 'utf8'));

/** Lists of packages, written beside what was bundled of them. */
const listOf = (source: string): string | undefined =>
  source === 'dist/apps/web/public' ? 'dist/apps/web/page-packages.json' : source.replace(/main\.js$/, 'packages.json');

/** The folders of node_modules that an image has something of. */
function foldersOf({ program, files }: Image): string[] {
  const bundle = program ? [`dist/${program}/main.js`] : [];
  return [...bundle, ...Object.values(files)].flatMap((source) => {
    if (source.startsWith('node_modules/')) return [/^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(source)?.[0] ?? []].flat();
    const list = /main\.js$|public$/.test(source) ? listOf(source) : undefined;
    return list === undefined ? [] : (json(list) as string[]);
  });
}

const packagesOf = new Map<string, Promise<string>>();

/** What an image will have in it: Debian's packages are read from the image below it, once. */
export async function contentsOf(engine: Engine, image: Image, below: string): Promise<Contents> {
  const status = packagesOf.get(below) ?? engine.output(below, ['cat', '/var/lib/dpkg/status']);
  packagesOf.set(below, status);
  const node = packagesOf.get('node') ?? engine.output(below, ['node', '--version']);
  packagesOf.set('node', node);
  return {
    name: image.name,
    debian: debianPackages(await status),
    npm: npmPackages(foldersOf(image), json('package-lock.json') as Lock),
    node: (await node).trim().replace(/^v/, ''),
  };
}
