import { run } from '../run';
import { type Build, type Built, type Engine } from './engine';
import { startProcess } from './process';

interface Inspected {
  Id: string;
  Size: number;
  Config: { Labels: Record<string, string> | null };
}

/** Docker with BuildKit. */
export const docker: Engine = {
  name: 'docker',

  async build({ name, dockerfile, context, target, args = {}, labels = {}, epoch }: Build) {
    await run(
      'docker',
      [
        ...['build', '--quiet', '--provenance=false', '--file', dockerfile, '--tag', name],
        ...(target === undefined ? [] : ['--target', target]),
        ...Object.entries({ ...args, SOURCE_DATE_EPOCH: epoch }).flatMap(([key, value]) => [
          '--build-arg',
          `${key}=${value}`,
        ]),
        ...Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]),
        context,
      ],
      { env: { ...process.env, DOCKER_BUILDKIT: '1' } },
    );
  },

  async inspect(image) {
    const text = await run('docker', ['image', 'inspect', image]).catch(() => undefined);
    if (text === undefined) return undefined;
    const [first] = JSON.parse(text) as Inspected[];
    return first && ({ id: first.Id, bytes: first.Size, labels: first.Config.Labels ?? {} } satisfies Built);
  },

  async pull(image) {
    await run('docker', ['pull', '--quiet', image]);
  },

  async output(image, [program = '', ...args]) {
    return run('docker', ['run', '--rm', '--network', 'none', '--entrypoint', program, image, ...args]);
  },

  async start(image, env, work) {
    const variables = Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
    const running = startProcess(
      'docker',
      ['run', '--rm', '--read-only', '--tmpfs', '/tmp', '--network', 'host', ...variables, image],
      process.env,
      (pid) => process.kill(pid, 'SIGTERM'),
    );
    try {
      return await work(running);
    } finally {
      running.kill();
    }
  },

  async save(images, file) {
    await run('docker', ['save', '--output', file, ...images]);
  },
};
