import { destinationOf } from '@kinora/local';
import { chartFile, find, ofKind, rendered, template } from './chart';

interface Path {
  readonly path: string;
  readonly backend: { readonly service: { readonly name: string } };
}

/** Paths on both sides of every rule; more than a rule's own text, so that order and borders show. */
const heads = chartFile<{ path: string }[]>('files/routes.yaml').map(({ path }) =>
  path.replace('*', 'vid_01J').replace(/\/$/, ''),
);
const PATHS = heads
  .flatMap((head) => [head || '/', `${head}/`, `${head}/a`, `${head}/a/b.m3u8`, `${head || '/'}x`, `/x${head}`])
  .concat(
    '/v1/videos/vid_01J',
    '/v1/videos/vid_01J/playback',
    '/v1/videos/vid_01J/analyticsx',
    '/watch/vid_01J',
    '/v1/other',
    '/assets/index.js',
  );

const pathsOf = (manifests: ReturnType<typeof template>): Path[] =>
  find(manifests, 'Ingress', 'kinora')['spec'].rules[0].http.paths as Path[];
const serviceOf = ({ backend }: Path): string => backend.service.name.replace('kinora-', '');

/** An ALB tries its rules in their order; `*` is any text, `?` any letter. */
function byAlb(paths: readonly Path[], url: string): string | undefined {
  const rule = paths.find(({ path }) =>
    new RegExp(`^${path.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(url),
  );
  return rule && serviceOf(rule);
}

/** ingress-nginx tries expressions from the longest to the shortest, whatever their case. */
function byRegex(paths: readonly Path[], url: string): string | undefined {
  const rule = [...paths]
    .sort((a, b) => b.path.length - a.path.length)
    .find(({ path }) => new RegExp(`^${path}`, 'i').test(url));
  return rule && serviceOf(rule);
}

const alb = pathsOf(template('values.eks.yaml'));
const regex = pathsOf(template('values.eks.yaml', 'ingress.kind="regex"'));

test.each(PATHS)('%s leads where it leads on a laptop', (url) => {
  const expected = destinationOf(url);
  expect({ alb: byAlb(alb, url), regex: byRegex(regex, url) }).toEqual({ alb: expected, regex: expected });
});

test('what an ALB may not reach, it answers itself', () => {
  const { metadata } = find(template('values.eks.yaml'), 'Ingress', 'kinora');
  const action = JSON.parse(metadata.annotations!['alb.ingress.kubernetes.io/actions.nowhere']!) as {
    fixedResponseConfig: { statusCode: string };
  };
  expect(action.fixedResponseConfig.statusCode).toBe('404');
  expect(alb.filter(({ backend }) => backend.service.name === 'nowhere')).not.toHaveLength(0);
});

test('every backend is a Service that there is', () => {
  for (const { manifests } of rendered) {
    const services = new Set(ofKind(manifests, 'Service').map(({ metadata }) => metadata.name));
    for (const ingress of ofKind(manifests, 'Ingress'))
      for (const { backend } of ingress['spec'].rules[0].http.paths as Path[])
        if (backend.service.name !== 'nowhere') expect(services).toContain(backend.service.name);
  }
});
