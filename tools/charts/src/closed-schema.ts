export type Json = { readonly [key: string]: unknown };

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The schema of a custom resource as the API server reads it, strictly: what has named properties has no others, unless it says that it keeps
 * unknown ones. What every object has (`metadata`) is left to the server.
 */
export function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (!isObject(schema)) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      // Names of properties are no keywords.
      key === 'properties' && isObject(value)
        ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, closed(one)]))
        : closed(value),
    ]),
  );
  const open =
    !('properties' in schema) ||
    'additionalProperties' in schema ||
    schema['x-kubernetes-preserve-unknown-fields'] === true;
  return open ? inner : { ...inner, additionalProperties: false };
}
