import { type ServiceName, SERVICES } from '@kinora/local';
import { bundleServices, checkConfig, variablesFor, variablesInSchema } from '../src/variables';
import { componentOf, environmentOf, ofKind, podOf, rendered, renderedAs } from './chart';

/** Read by programs that are not ours: the AWS SDK, and the C library. */
const FOREIGN = ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'TZ'];

/** What a Secret that somebody else fills would say: what the chart itself fills one with. */
const likely = (service: string) => {
  const secret = ofKind(renderedAs('local'), 'Secret').find(({ metadata }) => metadata.name === `kinora-${service}`);
  return (variable: string): string | undefined =>
    (secret?.['stringData'] as Record<string, string> | undefined)?.[variable];
};

const isService = (name: string): name is ServiceName => SERVICES.some((one) => one === name);

beforeAll(bundleServices, 300_000);

describe.each(rendered)('$name', ({ manifests }) => {
  const deployments = ofKind(manifests, 'Deployment').flatMap((one) => {
    const name = componentOf(one);
    return isService(name) ? [[name, one] as const] : [];
  });

  test.each(deployments)(
    '%s could start with what it is given, and is given nothing that it does not read',
    (service, deployment) => {
      const [container] = podOf(deployment)!.spec.containers;
      const env = environmentOf(manifests, container!, likely(service));
      const { status, text, reads } = checkConfig(service, env);
      expect(status === 0 ? 'complete' : text).toBe('complete');
      expect(Object.keys(env).filter((name) => !reads.includes(name) && !FOREIGN.includes(name))).toEqual([]);
    },
  );
});

test('a variable that is missing shows', () => {
  const local = renderedAs('local');
  const deployment = ofKind(local, 'Deployment').find((one) => componentOf(one) === 'upload')!;
  const { KINORA_CATALOG_URL: _missing, ...env } = environmentOf(local, podOf(deployment)!.spec.containers[0]!);
  const { status, text } = checkConfig('upload', env);
  expect(status).toBe(1);
  expect(text).toMatch(/missing +KINORA_CATALOG_URL/);
});

test.each(SERVICES)('services.%s.env takes the variables that it reads, and no others', (service) => {
  expect(variablesInSchema(service)).toEqual(variablesFor(service));
});

test('every service of a laptop is deployed', () => {
  const names = ofKind(renderedAs('local'), 'Deployment').map(componentOf);
  expect(names.sort()).toEqual([...SERVICES, 'gateway'].sort());
});
