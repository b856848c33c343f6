import { ENCODE_QUEUE } from '@kinora/contracts-transcode';
import { QueueKeys } from 'bullmq';
import { chartFile, componentOf, find, ofKind, podOf, renderedAs, template } from './chart';

interface Needs {
  readonly uses: readonly string[];
}
const wiring = chartFile<Record<string, Needs>>('files/wiring.yaml');
const eks = renderedAs('eks');
const local = renderedAs('local');

test('what scales itself has no number of pods of its own', () => {
  const scaled = [...ofKind(eks, 'HorizontalPodAutoscaler'), ...ofKind(eks, 'ScaledObject')].map(
    ({ spec }) => spec.scaleTargetRef.name as string,
  );
  expect(scaled.sort()).toEqual(
    ofKind(eks, 'Deployment')
      .map(({ metadata }) => metadata.name)
      .sort(),
  );
  for (const { spec } of ofKind(eks, 'Deployment')) expect(spec).not.toHaveProperty('replicas');
  for (const { spec } of ofKind(local, 'Deployment')) expect(spec.replicas).toBe(1);
});

test('encoders are scaled by the queue that there is, from none', () => {
  const { spec } = find(eks, 'ScaledObject', 'kinora-encoder');
  const keys = new QueueKeys('bull');
  const lists = (spec.triggers as { metadata: { listName: string } }[]).map(({ metadata }) => metadata.listName);
  expect(lists.sort()).toEqual(
    ['active', 'prioritized', 'wait'].map((state) => keys.toKey(ENCODE_QUEUE, state)).sort(),
  );
  expect(spec).toMatchObject({ minReplicaCount: 0, maxReplicaCount: 20 });
  const names = (spec.triggers as { name: string }[]).map(({ name }) => name);
  for (const name of names) expect(spec.advanced.scalingModifiers.formula).toContain(name);
});

test('encoders may run on spot nodes', () => {
  const { spec } = podOf(find(eks, 'Deployment', 'kinora-encoder'))!;
  expect(spec['tolerations']).toEqual([
    { key: 'kinora.dev/spot', operator: 'Equal', value: 'true', effect: 'NoSchedule' },
  ]);
  expect(spec['nodeSelector']).toEqual({ 'kinora.dev/pool': 'encoder' });
});

test('each schema is migrated before anything else, one after the other, by Jobs that are safe to repeat', () => {
  const jobs = ofKind(eks, 'Job');
  const owners = Object.entries(wiring).flatMap(([name, { uses }]) =>
    uses.includes('database') ? [`kinora-${name}-migrate`] : [],
  );
  expect(jobs.map(({ metadata }) => metadata.name).sort()).toEqual(owners.sort());
  const weights = jobs.map(({ metadata }) => Number(metadata.annotations!['helm.sh/hook-weight']));
  expect(new Set(weights).size).toBe(jobs.length);
  for (const job of jobs) {
    expect(job.metadata.annotations).toMatchObject({
      'helm.sh/hook': 'pre-install,pre-upgrade',
      'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
    });
    const { spec } = podOf(job)!;
    expect(spec.containers[0]!['args']).toEqual(['migrate']);
    // What a hook needs must be there before the release is: each thing that it names is a hook itself, and comes earlier.
    const account = find(eks, 'ServiceAccount', spec['serviceAccountName'] as string);
    const secret = find(
      eks,
      'ExternalSecret',
      spec.containers[0]!.env!.find(({ name }) => name === 'DATABASE_URL')!.valueFrom!.secretKeyRef.name,
    );
    for (const { metadata } of [account, secret])
      expect(Number(metadata.annotations!['helm.sh/hook-weight'])).toBeLessThan(Math.min(...weights));
  }
  for (const deployment of ofKind(eks, 'Deployment').filter((one) =>
    wiring[componentOf(one)]?.uses.includes('database'),
  ))
    expect(podOf(deployment)!.spec.containers[0]!.env).toContainEqual({ name: 'DATABASE_MIGRATE', value: 'never' });
});

test('a changed secret or setting starts pods anew, and only those that read it', () => {
  const given = ['ci/generated-values.yaml', 'secrets.source="generate"'];
  const hash = (manifests: ReturnType<typeof template>, name: string) =>
    podOf(find(manifests, 'Deployment', `kinora-${name}`))!.annotations['checksum/secrets'];
  const fixed = (url: string) => [
    ...given,
    `services.encoder.secretEnv={"REDIS_URL":"${url}","KINORA_SERVICE_SECRET":"of-the-encoder-alone"}`,
  ];
  const [one, same, other] = ['redis://a:1', 'redis://a:1', 'redis://b:1'].map((url) => template(...fixed(url))) as [
    never,
    never,
    never,
  ];
  expect(hash(one, 'encoder')).toBe(hash(same, 'encoder'));
  expect(hash(one, 'encoder')).not.toBe(hash(other, 'encoder'));
});

test('roles are where IRSA looks for them, on services and on their migrations', () => {
  const roles = Object.fromEntries(
    ofKind(eks, 'ServiceAccount').map(({ metadata }) => [
      metadata.name,
      metadata.annotations?.['eks.amazonaws.com/role-arn'],
    ]),
  );
  expect(roles['kinora-upload']).toBe('arn:aws:iam::123456789012:role/kinora-upload');
  expect(roles['kinora-upload-migrate']).toBe(roles['kinora-upload']);
  expect(roles['kinora-web']).toBeUndefined();
});

test('nothing of a trial is there unless it is asked for', () => {
  expect(ofKind(eks, 'StatefulSet')).toEqual([]);
  expect(ofKind(eks, 'PersistentVolumeClaim')).toEqual([]);
  expect(ofKind(eks, 'Secret')).toEqual([]);
});

test('a trial fits on a node of two cores', () => {
  const cpu = (text: string): number => (text.endsWith('m') ? Number(text.slice(0, -1)) / 1000 : Number(text));
  const requests = [...ofKind(local, 'Deployment'), ...ofKind(local, 'StatefulSet')].flatMap((one) =>
    podOf(one)!.spec.containers.map(({ resources }) => cpu(String(resources.requests.cpu))),
  );
  expect(requests.reduce((sum, one) => sum + one, 0)).toBeLessThan(1.2);
});

test('a rule of alerts becomes a PrometheusRule', () => {
  const rules = ofKind(eks, 'PrometheusRule');
  for (const { spec } of rules) expect((spec.groups as unknown[]).length).toBeGreaterThan(0);
});
