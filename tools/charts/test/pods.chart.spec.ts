import { type Manifest, titleOf } from '../src/manifests';
import { type Container, componentOf, ofKind, podOf, rendered } from './chart';

/** Every pod of every set of values: its manifest, and what runs in it. */
const all = rendered.flatMap(({ name, manifests }) =>
  manifests.flatMap((manifest) => {
    const pod = podOf(manifest);
    return pod ? [[`${name}: ${titleOf(manifest)}`, manifest, pod] as const] : [];
  }),
);
const containersOf = ({ spec }: NonNullable<ReturnType<typeof podOf>>): Container[] => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
];
const serving = (manifest: Manifest): boolean => manifest.kind === 'Deployment' || manifest.kind === 'StatefulSet';

describe.each(all)('%s', (_title, manifest, pod) => {
  test('is what the restricted standard asks for', () => {
    expect(pod.spec['securityContext']).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 10001,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    for (const key of ['hostNetwork', 'hostPID', 'hostIPC']) expect(pod.spec).not.toHaveProperty(key);
    for (const { securityContext } of containersOf(pod))
      expect(securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        capabilities: { drop: ['ALL'] },
      });
    const kinds = ((pod.spec['volumes'] ?? []) as object[])
      .flatMap((volume) => Object.keys(volume))
      .filter((key) => key !== 'name');
    expect(['configMap', 'emptyDir', 'persistentVolumeClaim', 'secret']).toEqual(expect.arrayContaining(kinds));
  });

  test('has no token of the API, and no variables of other Services', () => {
    expect(pod.spec).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
  });

  test('asks for what it needs, and has bounds', () => {
    for (const { resources } of containersOf(pod)) {
      expect(Object.keys(resources.requests as object).sort()).toEqual(['cpu', 'ephemeral-storage', 'memory']);
      expect(Object.keys(resources.limits as object)).toEqual(expect.arrayContaining(['memory', 'ephemeral-storage']));
    }
  });

  test('has a version, and no variable twice', () => {
    for (const { image, env = [] } of containersOf(pod)) {
      expect(image).toMatch(/(:[\w.-]+|@sha256:[0-9a-f]{64})$/);
      expect(image).not.toMatch(/:latest$/);
      expect(new Set(env.map(({ name }) => name)).size).toBe(env.length);
    }
  });

  if (!serving(manifest)) return;

  test('is asked whether it has started, is ready and lives', () => {
    for (const { startupProbe, readinessProbe, livenessProbe } of pod.spec.containers) {
      expect([startupProbe, readinessProbe, livenessProbe]).not.toContain(undefined);
      // A process that is slow must be out of the way long before it is killed.
      const patience = (probe: Container): number =>
        Number(probe['periodSeconds'] ?? 10) * Number(probe['failureThreshold'] ?? 3);
      expect(patience(livenessProbe as Container)).toBeGreaterThan(patience(readinessProbe as Container));
    }
  });

  test('has the recommended labels, and its selector finds it', () => {
    const names = ['name', 'instance', 'component', 'part-of'].map((name) => `app.kubernetes.io/${name}`);
    for (const name of names) expect(pod.labels).toHaveProperty([name]);
    expect(pod.labels).toMatchObject(manifest['spec'].selector.matchLabels as object);
  });
});

const services = rendered.flatMap(({ name, manifests }) =>
  ofKind(manifests, 'Deployment').map((one) => [`${name}: ${titleOf(one)}`, one, podOf(one)!] as const),
);

describe.each(services)('%s', (_title, deployment, { spec }) => {
  const [container] = spec.containers;

  test('liveness asks nobody else, readiness asks all that it needs', () => {
    expect(container!['livenessProbe'].httpGet.path).toBe('/healthz');
    if (componentOf(deployment) !== 'gateway') expect(container!['readinessProbe'].httpGet.path).toBe('/readyz');
  });

  test('may take its time to stop: draining, ten seconds in which everything closes, and some to spare', () => {
    const drain = Number(container!['lifecycle']?.preStop.sleep.seconds ?? 0);
    expect(spec['terminationGracePeriodSeconds']).toBeGreaterThanOrEqual(drain + 15);
  });

  test('is spread over zones and nodes', () => {
    expect(spec['topologySpreadConstraints']).toHaveLength(1);
    expect(spec['affinity'].podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution).toHaveLength(1);
  });
});
