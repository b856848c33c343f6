import { parseArgs } from 'node:util';

export const USAGE = `npm run images [-- --only NAME,…] [--tag TAG] [--registry PREFIX] [--archive DIR] [--check] [--list]

Builds the images of all services, and of what a trial needs beside them, with buildah or docker, whichever is there.

  --only NAME,…      some of them; repeatable
  --services         those of the platform, without the trial's
  --tag TAG          by default the version in package.json
  --registry PREFIX  what their names begin with, such as 123456789012.dkr.ecr.eu-west-1.amazonaws.com
  --archive DIR      also write DIR/kinora.tar: one archive of them all, for "ctr images import" or "docker load"
  --base WAY         auto (the registry's base image, or one made here where it can't be had), registry, or local
  --engine NAME      buildah or docker
  --check            also look into each: what is in /app, who runs, that its program ends at SIGTERM
  --list             only tell the names
  --help             this text`;

export interface Options {
  readonly only: readonly string[];
  readonly services: boolean;
  readonly tag: string | undefined;
  readonly registry: string;
  readonly archive: string | undefined;
  readonly base: 'auto' | 'registry' | 'local';
  readonly engine: 'buildah' | 'docker' | undefined;
  readonly check: boolean;
  readonly list: boolean;
  readonly help: boolean;
}

/** @throws with a sentence for the person who typed it */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      services: { type: 'boolean', default: false },
      tag: { type: 'string' },
      registry: { type: 'string', default: '' },
      archive: { type: 'string' },
      base: { type: 'string', default: 'auto' },
      engine: { type: 'string' },
      check: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { base, engine, tag } = values;
  if (base !== 'auto' && base !== 'registry' && base !== 'local')
    throw new Error(`--base is auto, registry or local, not "${base}"`);
  if (engine !== undefined && engine !== 'buildah' && engine !== 'docker')
    throw new Error(`--engine is buildah or docker, not "${engine}"`);
  if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag)) throw new Error(`"${tag}" can't be a tag`);
  return {
    only: values.only.flatMap((names) => names.split(',')).filter(Boolean),
    services: values.services,
    tag,
    registry: values.registry.replace(/\/+$/, ''),
    archive: values.archive,
    base,
    engine,
    check: values.check,
    list: values.list,
    help: values.help,
  };
}
