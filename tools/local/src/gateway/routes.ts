import { type ServiceName } from '../platform/services';

/** The services that the outside reaches. */
export type PublicService = Exclude<ServiceName, 'encoder'>;

/** Where a request goes: a service, or nowhere (what is internal does not exist for the outside). */
export type Destination = PublicService | 'nowhere';

const VIDEO = String.raw`/v1/videos/[^/]+`;

/** The ingress's rules, most specific first. A prefix matches whole path segments only. */
const RULES: readonly (readonly [RegExp, Destination])[] = [
  [prefix('/internal', '/metrics', '/readyz', '/openapi.json'), 'nowhere'],
  [prefix('/v1/auth', '/v1/api-keys'), 'auth'],
  [prefix('/v1/uploads', '/v1/tus'), 'upload'],
  [new RegExp(`^${VIDEO}/analytics(/|$)`), 'analytics'],
  [prefix('/v1/beacons'), 'analytics'],
  [new RegExp(`^${VIDEO}/encoding(/|$)`), 'transcode'],
  [prefix('/v1/videos', '/v1/search', '/v1/channels', '/v1/webhooks', '/v1/tags'), 'catalog'],
  [prefix('/v1'), 'nowhere'],
  [prefix('/t', '/media', '/store'), 'edge'],
];

function prefix(...paths: string[]): RegExp {
  return new RegExp(`^(?:${paths.map((path) => path.replace('.', String.raw`\.`)).join('|')})(?:/|$)`);
}

/** Which service answers a path (without its query). Everything that is not the API's belongs to the web application. */
export function destinationOf(path: string): Destination {
  // Express takes `/Internal` for `/internal`, and some clients write `//internal`.
  const plain = path.replace(/\/{2,}/g, '/');
  return (
    RULES.find(([rule]) => rule.test(plain) || (rule === RULES[0]?.[0] && rule.test(plain.toLowerCase())))?.[1] ?? 'web'
  );
}
