import { type Member, type ServiceModel, type Shape, shapeOf } from './service-model';

type Problems = string[];

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function bounds({ min, max }: Shape, measured: number, what: string, path: string): Problems {
  if (min !== undefined && measured < min) return [`${path}: ${what} is less than ${min}`];
  if (max !== undefined && measured > max) return [`${path}: ${what} is more than ${max}`];
  return [];
}

function text(shape: Shape, value: string, path: string): Problems {
  if (shape.enum && !shape.enum.includes(value)) return [`${path}: ${value} is none of ${shape.enum.join(', ')}`];
  if (shape.pattern !== undefined && !new RegExp(shape.pattern).test(value))
    return [`${path}: ${JSON.stringify(value)} doesn't match ${shape.pattern}`];
  return bounds(shape, [...value].length, 'its length', path);
}

/** Members in the body of a structure, by their names on the wire. */
export const wireMembers = ({ members = {} }: Shape): Map<string, Member> =>
  new Map(
    Object.entries(members)
      .filter(([, { location }]) => location === undefined)
      .map(([name, member]) => [member.locationName ?? name, member]),
  );

function structure(model: ServiceModel, shape: Shape, value: Record<string, unknown>, path: string): Problems {
  const members = wireMembers(shape);
  const at = (name: string): string => (path === '' ? `/${name}` : `${path}/${name}`);
  const unknown = Object.keys(value).filter((name) => !members.has(name));
  const required = (shape.required ?? []).flatMap((name) => {
    const member = shape.members?.[name];
    return !member || member.location !== undefined ? [] : [member.locationName ?? name];
  });
  return [
    ...unknown.map((name) => `${at(name)}: there is no such member`),
    ...required.filter((name) => !Object.hasOwn(value, name)).map((name) => `${at(name)}: is required`),
    ...Object.entries(value).flatMap(([name, one]) => {
      const member = members.get(name);
      return member ? problemsOf(model, member.shape, one, at(name)) : [];
    }),
  ];
}

/**
 * What AWS's model says against a value as it travels (JSON with the names of the wire), each with the path of the member;
 * empty if nothing. Members that the model doesn't know, and values of enumerations, are refused as AWS refuses them.
 */
export function problemsOf(model: ServiceModel, shapeName: string, value: unknown, path = ''): Problems {
  const shape = shapeOf(model, shapeName);
  const wrong = (wanted: string): Problems => [`${path || '/'}: is ${kindOf(value)}, not ${wanted}`];
  switch (shape.type) {
    case 'structure':
      return isObject(value) ? structure(model, shape, value, path) : wrong('a structure');
    case 'list':
      if (!Array.isArray(value)) return wrong('a list');
      return [
        ...bounds(shape, value.length, 'its length', path),
        ...value.flatMap((one, n) => problemsOf(model, shape.member?.shape ?? '', one, `${path}/${n}`)),
      ];
    case 'map':
      if (!isObject(value)) return wrong('a map');
      return Object.entries(value).flatMap(([key, one]) => [
        ...problemsOf(model, shape.key?.shape ?? '', key, `${path}/${key}`),
        ...problemsOf(model, shape.value?.shape ?? '', one, `${path}/${key}`),
      ]);
    case 'string':
      return typeof value === 'string' ? text(shape, value, path) : wrong('a string');
    case 'boolean':
      return typeof value === 'boolean' ? [] : wrong('a boolean');
    case 'integer':
    case 'long':
      return Number.isInteger(value) ? bounds(shape, value as number, 'it', path) : wrong('an integer');
    case 'double':
      return typeof value === 'number' && Number.isFinite(value) ? bounds(shape, value, 'it', path) : wrong('a number');
    case 'timestamp':
      return typeof value === 'number' ? [] : wrong('a timestamp in seconds');
  }
}
