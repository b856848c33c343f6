import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { install } from '../install';
import { run } from '../run';
import { type Build, type Built, type Engine } from './engine';
import { startProcess } from './process';

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
      ...['--file', dockerfile, '--tag', wholeName(name), '--identity-label=false'],
      ...(target === undefined ? [] : ['--target', target]),
      ...Object.entries(args).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
      ...Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]),
      context,
    ]);
  },

  async inspect(image) {
    const text = await run('buildah', ['inspect', '--type', 'image', wholeName(image)]).catch(() => undefined);
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
    const container = (await run('buildah', ['from', '--pull-never', wholeName(image)])).trim();
    try {
      return await run('buildah', ['run', '--isolation', 'chroot', container, '--', ...command]);
    } finally {
      await run('buildah', ['rm', container]);
    }
  },

  async start(image, env, work) {
    const container = (await run('buildah', ['from', '--pull-never', wholeName(image)])).trim();
    try {
      const root = (await run('buildah', ['mount', container])).trim();
      // The program itself is process 1 of its own namespace, as in a pod: there, signals have no default.
      const running = startProcess(
        'unshare',
        [
          ...['--fork', '--pid', '--kill-child', '--mount', `--mount-proc=${root}/proc`],
          ...['chroot', '--userspec=10001:10001', root, 'node', '/app/main.js'],
        ],
        { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', NODE_ENV: 'production', ...env },
        (pid) => process.kill(Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()), 'SIGTERM'),
      );
      try {
        return await work(running);
      } finally {
        running.kill();
      }
    } finally {
      await run('buildah', ['rm', container]);
    }
  },

  async save(images, file) {
    // Buildah writes one image per archive, so that layers are there once per image. Podman reads the same store.
    await install('podman');
    await rm(file, { force: true });
    await run('podman', ['save', '--quiet', '--multi-image-archive', '--output', file, ...images.map(wholeName)]);
  },
};

/** A name with its registry: one without is Docker Hub's, to kubelet as to docker. */
export function wholeName(name: string): string {
  const [first = '', ...rest] = name.split('/');
  if (rest.length === 0) return `docker.io/library/${name}`;
  return /[.:]/.test(first) || first === 'localhost' ? name : `docker.io/${name}`;
}
