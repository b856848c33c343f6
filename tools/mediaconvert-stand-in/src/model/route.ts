import { type Operation, type ServiceModel, shapeOf } from './service-model';
import { problemsOf } from './validate';

/** An operation that a request asks for, and the members of its input that are not in the body. */
export interface Routed {
  readonly operation: Operation;
  /** By the member's name in the path. */
  readonly labels: Readonly<Record<string, string>>;
}

/** `/2017-08-29/jobs/{id}` as an expression; a label is one segment, percent-encoded. */
const expression = (uri: string): RegExp =>
  new RegExp(`^${uri.replace(/[.]/g, '\\.').replace(/\{(\w+)\}/g, (_, name: string) => `(?<${name}>[^/]+)`)}$`);

/** Finds the operation of a method and a path in the model. */
export function createRouter(model: ServiceModel): (method: string, path: string) => Routed | undefined {
  const routes = Object.values(model.operations).map((operation) => ({
    operation,
    pattern: expression(operation.http.requestUri),
  }));
  return (method, path) => {
    for (const { operation, pattern } of routes) {
      const found = operation.http.method === method ? pattern.exec(path) : null;
      if (!found) continue;
      const labels = Object.entries(found.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]);
      return { operation, labels: Object.fromEntries(labels) as Record<string, string> };
    }
    return undefined;
  };
}

/** What the model says against a request's path, query and body. */
export function requestProblems(
  model: ServiceModel,
  { operation, labels }: Routed,
  query: URLSearchParams,
  body: unknown,
): string[] {
  if (!operation.input) return [];
  const shape = shapeOf(model, operation.input.shape);
  const members = Object.values(shape.members ?? {});
  const inQuery = new Map(
    members.filter(({ location }) => location === 'querystring').map((member) => [member.locationName ?? '', member]),
  );
  return [
    ...Object.entries(labels).flatMap(([name, value]) => {
      const member = members.find(({ location, locationName }) => location === 'uri' && locationName === name);
      return member ? problemsOf(model, member.shape, value, `/${name}`) : [`/${name}: there is no such member`];
    }),
    ...[...query].flatMap(([name, value]) => {
      const member = inQuery.get(name);
      if (!member) return [`/${name}: there is no such member`];
      const number = ['integer', 'long', 'double'].includes(shapeOf(model, member.shape).type);
      return problemsOf(model, member.shape, number ? Number(value) : value, `/${name}`);
    }),
    ...problemsOf(model, operation.input.shape, body),
  ];
}
