import { type Manifest } from '../src/manifests';
import { type Rendered, chartFile, componentOf, environmentOf, ofKind, podOf, rendered } from './chart';

type Labels = Record<string, string>;

interface Peer {
  readonly podSelector?: { readonly matchLabels: Labels };
  readonly namespaceSelector?: unknown;
  readonly ipBlock?: unknown;
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports: readonly { readonly port: number; readonly protocol: string }[];
}

const COMPONENT = 'app.kubernetes.io/component';

const fits = (selector: Labels, labels: Labels): boolean =>
  Object.entries(selector).every(([name, value]) => labels[name] === value);

/** Every pod that there may be, by its component. */
const podsOf = (manifests: readonly Manifest[]) =>
  manifests.flatMap((manifest) => {
    const pod = podOf(manifest);
    return pod ? [{ component: pod.labels[COMPONENT] ?? '', labels: pod.labels, pod: pod.spec }] : [];
  });

/** The policies that hold for a pod. */
const policiesFor = (manifests: readonly Manifest[], labels: Labels) =>
  ofKind(manifests, 'NetworkPolicy').filter(({ spec }) => fits(spec.podSelector.matchLabels as Labels, labels));

const allows = (rules: readonly Rule[], side: 'from' | 'to', labels: Labels, port: number): boolean =>
  rules.some(
    (rule) =>
      rule.ports.some((one) => one.port === port) &&
      (rule[side] ?? []).some(
        ({ podSelector, namespaceSelector }) =>
          namespaceSelector === undefined && podSelector && fits(podSelector.matchLabels, labels),
      ),
  );

/** Pairs of components that may connect, each with the port: allowed on both sides, as it must be. */
function allowed(manifests: readonly Manifest[]): string[] {
  const pods = podsOf(manifests);
  const ports = [8080, 5432, 6379, 9229, 4567];
  const edges = pods.flatMap((from) =>
    pods.flatMap((to) =>
      ports.flatMap((port) => {
        const out = policiesFor(manifests, from.labels).flatMap(({ spec }) => (spec.egress ?? []) as Rule[]);
        const into = policiesFor(manifests, to.labels).flatMap(({ spec }) => (spec.ingress ?? []) as Rule[]);
        return allows(out, 'to', to.labels, port) && allows(into, 'from', from.labels, port)
          ? [`${from.component} → ${to.component}:${port}`]
          : [];
      }),
    ),
  );
  return [...new Set(edges)].sort();
}

/** URLs by which something is called, in links and in tokens, but to which nobody connects. */
const NAMES = ['KINORA_PUBLIC_URL', 'COGNITO_ISSUER'];

/** Pairs that the environment names: URLs and hosts of this release's Services. */
function named(manifests: readonly Manifest[]): string[] {
  const services = new Map(ofKind(manifests, 'Service').map((one) => [one.metadata.name, one]));
  const edges = podsOf(manifests).flatMap(({ component, pod }) =>
    pod.containers.flatMap((container) =>
      Object.entries(environmentOf(manifests, container, () => '')).flatMap(([variable, value]) => {
        if (NAMES.includes(variable)) return [];
        return [...value.matchAll(/[a-z]+:\/\/(?:[^@/\s"]*@)?(kinora-[a-z-]+)/g)].flatMap(([, host = '']) => {
          const service = services.get(host);
          if (!service) return [];
          const { targetPort, port } = service['spec'].ports[0] as { targetPort: string; port: number };
          return [`${component} → ${host.replace('kinora-', '')}:${targetPort === 'http' ? 8080 : port}`];
        });
      }),
    ),
  );
  return [...new Set(edges)].sort();
}

const withPolicies = rendered.filter(({ manifests }) => ofKind(manifests, 'NetworkPolicy').length > 0);

describe.each(withPolicies)('$name', ({ manifests }: Rendered) => {
  test('what may connect inside the release is what the environment names', () => {
    expect(allowed(manifests)).toEqual(named(manifests));
  });

  test('every pod is under the policy that denies everything, in both directions', () => {
    for (const { component, labels } of podsOf(manifests)) {
      const deny = policiesFor(manifests, labels).filter(
        ({ spec }) => !spec.ingress && !spec.egress && spec.policyTypes.length === 2,
      );
      expect([component, deny.length]).toEqual([component, 1]);
    }
  });

  test('nobody reaches the metadata of the node', () => {
    for (const { spec } of ofKind(manifests, 'NetworkPolicy'))
      for (const rule of (spec.egress ?? []) as Rule[])
        for (const { ipBlock } of (rule.to ?? []) as { ipBlock?: { cidr: string; except?: string[] } }[])
          if (ipBlock?.cidr === '0.0.0.0/0') expect(ipBlock.except).toContain('169.254.0.0/16');
  });
});

test('only those are reached from outside that a route leads to', () => {
  const routed = new Set(chartFile<{ to: string }[]>('files/routes.yaml').map(({ to }) => to));
  const eks = rendered.find(({ name }) => name === 'eks')!.manifests;
  const open = ofKind(eks, 'NetworkPolicy').filter(({ spec }) =>
    ((spec.ingress ?? []) as Rule[]).some(({ from }) => from?.some(({ ipBlock }) => ipBlock !== undefined)),
  );
  expect(open.map(componentOf).sort()).toEqual([...routed].filter((name) => name !== 'nowhere').sort());
});
