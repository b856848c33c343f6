import { addressesOf, type Lookup } from './records';

const OBJECTS: Record<string, unknown> = {
  '/api/v1/namespaces/kinora/services/catalog': { spec: { clusterIP: '10.96.7.7' } },
  '/api/v1/namespaces/kinora/services/postgres': { spec: { clusterIP: 'None' } },
  '/apis/discovery.k8s.io/v1/namespaces/kinora/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dpostgres': {
    items: [
      {
        endpoints: [
          { addresses: ['10.98.0.4'], hostname: 'postgres-0', conditions: { ready: true } },
          { addresses: ['10.98.0.5'], hostname: 'postgres-1', conditions: { ready: false } },
        ],
      },
      {},
    ],
  },
};
const lookup: Lookup = { find: <T>(path: string) => Promise.resolve(OBJECTS[path] as T | undefined) };

it.each([
  ['a service', 'catalog.kinora.svc.cluster.local', ['10.96.7.7']],
  ['the ready pods of a headless service', 'postgres.kinora.svc.cluster.local', ['10.98.0.4']],
  ['one pod of it, ready or not', 'postgres-1.postgres.kinora.svc.cluster.local', ['10.98.0.5']],
  ['no pod of that name', 'postgres-2.postgres.kinora.svc.cluster.local', undefined],
  ['a host of a service that has an address', 'x.catalog.kinora.svc.cluster.local', undefined],
  ['no such service', 'search.kinora.svc.cluster.local', undefined],
  ['a name of the world', 'example.com', undefined],
])('knows %s', async (_, name, addresses) => {
  expect(await addressesOf(name, lookup)).toEqual(addresses);
});
