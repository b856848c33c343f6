/** What names mean: `service.namespace.svc.cluster.local`, and `host.service…` for the pods of a service without an address. */
export interface Lookup {
  find<T>(path: string): Promise<T | undefined>;
}

interface Service {
  readonly spec: { readonly clusterIP?: string };
}

interface EndpointSlices {
  readonly items: readonly {
    readonly endpoints?: readonly {
      readonly addresses: readonly string[];
      readonly hostname?: string;
      readonly conditions?: { readonly ready?: boolean };
    }[];
  }[];
}

const NAME = /^(?:([^.]+)\.)?([^.]+)\.([^.]+)\.svc\.cluster\.local$/;

/** The addresses of a name; undefined if there is no such name. */
export async function addressesOf(name: string, lookup: Lookup): Promise<string[] | undefined> {
  const [, host, service, namespace] = NAME.exec(name) ?? [];
  if (service === undefined || namespace === undefined) return undefined;
  const found = await lookup.find<Service>(`/api/v1/namespaces/${namespace}/services/${service}`);
  const address = found?.spec.clusterIP;
  if (address === undefined) return undefined;
  if (address !== 'None') return host === undefined ? [address] : undefined;
  const slices = await lookup.find<EndpointSlices>(
    `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D${service}`,
  );
  const endpoints = (slices?.items ?? [])
    .flatMap(({ endpoints = [] }) => endpoints)
    .filter(({ hostname, conditions }) => (host === undefined ? conditions?.ready !== false : hostname === host));
  return host !== undefined && endpoints.length === 0 ? undefined : endpoints.flatMap(({ addresses }) => addresses);
}
