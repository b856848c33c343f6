import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../run';
import { type Build, type Built, type Engine } from './engine';

interface Inspected {
  FromImageID: string;
  Manifest: string;
  OCIv1: { config?: { Labels?: Record<string, string> } };
}

/** Buildah: needs no daemon, and with chroot isolation no more rights than a build in a container of CI has. */
export const buildah: Engine = {
  name: 'buildah',

  async build({ name, dockerfile, context, target, args = {}, labels = {}, epoch }: Build) {
    await run('buildah', [
      ...[
        'build',
        '--isolation',
        'chroot',
        '--layers',
        '--pull=never',
        '--format',
        'oci',
        '--timestamp',
        String(epoch),
      ],
      ...['--file', dockerfile, '--tag', name, '--identity-label=false'],
      ...(target === undefined ? [] : ['--target', target]),
      ...Object.entries({ ...args, SOURCE_DATE_EPOCH: epoch }).flatMap(([key, value]) => [
        '--build-arg',
        `${key}=${value}`,
      ]),
      ...Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]),
      context,
    ]);
  },

  async inspect(image) {
    const text = await run('buildah', ['inspect', '--type', 'image', image]).catch(() => undefined);
    if (text === undefined) return undefined;
    const { FromImageID, Manifest, OCIv1 } = JSON.parse(text) as Inspected;
    const { layers } = JSON.parse(Manifest) as { layers: { size: number }[] };
    return {
      id: FromImageID,
      bytes: layers.reduce((sum, { size }) => sum + size, 0),
      labels: OCIv1.config?.Labels ?? {},
    } satisfies Built;
  },

  async pull(image) {
    await run('buildah', ['pull', image]);
  },

  async output(image, command) {
    const container = (await run('buildah', ['from', '--pull-never', image])).trim();
    try {
      return await run('buildah', ['run', '--isolation', 'chroot', container, '--', ...command]);
    } finally {
      await run('buildah', ['rm', container]);
    }
  },

  async save(images, file) {
    // Docker's own kind of archive takes only one image from buildah; a layout of OCI takes many, each layer once.
    const folder = await mkdtemp(path.join(tmpdir(), 'kinora-images-'));
    try {
      for (const image of images) await run('buildah', ['push', '--quiet', image, `oci:${folder}:${image}`]);
      await nameForContainerd(path.join(folder, 'index.json'));
      await run('tar', ['-C', folder, '-cf', file, 'oci-layout', 'index.json', 'blobs']);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

interface Index {
  manifests: { annotations?: Record<string, string> }[];
}

/** A layout's own name for an image is only what follows the colon to containerd, which reads whole names in another place. */
async function nameForContainerd(file: string): Promise<void> {
  const index = JSON.parse(await readFile(file, 'utf8')) as Index;
  for (const { annotations } of index.manifests) {
    const name = annotations?.['org.opencontainers.image.ref.name'];
    if (annotations && name !== undefined) annotations['io.containerd.image.name'] = wholeName(name);
  }
  await writeFile(file, JSON.stringify(index));
}

/** A name with its registry: one without is Docker Hub's, to kubelet as to docker. */
export function wholeName(name: string): string {
  const [first = '', ...rest] = name.split('/');
  if (rest.length === 0) return `docker.io/library/${name}`;
  return /[.:]/.test(first) || first === 'localhost' ? name : `docker.io/${name}`;
}
