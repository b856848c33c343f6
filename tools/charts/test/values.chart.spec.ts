import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CHART } from '../src/render';
import { chartFile, template } from './chart';

type Schema = { readonly [key: string]: unknown };
const schema = JSON.parse(readFileSync(path.join(CHART, 'values.schema.json'), 'utf8')) as Schema;

/** Every part of the schema that describes an object with names of its own, by where it is. */
function* objects(part: unknown, where = ''): Generator<[string, Schema]> {
  if (typeof part !== 'object' || part === null) return;
  const one = part as Schema;
  if (!Array.isArray(part) && one['type'] === 'object' && typeof one['properties'] === 'object') yield [where, one];
  for (const [name, inner] of Object.entries(one)) yield* objects(inner, `${where}/${name}`);
}

test.each([...objects(schema)])('%s takes no other names', (_where, part) => {
  expect(part['additionalProperties']).toBe(false);
});

test('every value is in the schema, and every name of the schema is a value', () => {
  const values = chartFile<Schema>('values.yaml');
  const resolve = (part: Schema): Schema => {
    const ref = part['$ref'] as string | undefined;
    if (ref === undefined) return part;
    return resolve(
      ref
        .slice(2)
        .split('/')
        .reduce<Schema>((at, name) => at[name] as Schema, schema),
    );
  };
  const missing: string[] = [];
  const visit = (part: Schema, value: unknown, where: string): void => {
    const { properties } = resolve(part) as { properties?: Record<string, Schema> };
    // What a service may change is documented once, for all of them.
    if (!properties || typeof value !== 'object' || value === null || Object.keys(value).length === 0) return;
    for (const [name, inner] of Object.entries(properties)) {
      const at = `${where}.${name}`;
      if (name in value) visit(inner, (value as Schema)[name], at);
      else if (!/^\.(services\.|global$)|\.resources\.|Resources|\.image\./.test(at)) missing.push(at);
    }
  };
  visit(schema, values, '');
  expect(missing).toEqual([]);
});

test.each([
  ['services.uplod={"enabled":false}', 'uplod'],
  ['services.upload.replica=3', 'replica'],
  ['config.database.pollMax=3', 'pollMax'],
  ['config.storage.s3.buckets.rawr="x"', 'rawr'],
  ['keda.maxReplicas="many"', 'maxReplicas'],
  ['config.publicUrl="video.example.com"', 'publicUrl'],
  ['services.upload.env={"UPLOAD_MAX_BYTE":"1"}', 'UPLOAD_MAX_BYTE'],
  ['serviceDefaults.env={"upload max":"1"}', 'upload max'],
  ['ingress.kind="nginx"', 'kind'],
])('%s is refused, by name', (setting, name) => {
  expect(() => template('values.local.yaml', setting)).toThrow(name);
});

test('all that is missing is said at once, by name', () => {
  expect(() => template()).toThrow(
    /config\.publicUrl[\s\S]*config\.cognito\.userPoolId[\s\S]*config\.storage\.s3\.buckets\.raw[\s\S]*secrets\.databaseUrl/,
  );
});

test.each([
  ['config.database={"auth":"iam","ssl":"disable"}', 'config.database.ssl'],
  ['networkPolicy.publicFrom=[]', 'networkPolicy.publicFrom'],
  ['keda.redis.address=""', 'keda.redis.address'],
  ['services.encoder.autoscaling.enabled=true', 'services.encoder.autoscaling.enabled'],
  ['secrets.external.store.name=""', 'secrets.external.store.name'],
  ['config.transcode.engine="policy"', 'config.transcode.mediaConvert.roleArn'],
])('%s can’t be, and is refused by name', (setting, name) => {
  expect(() => template('values.eks.yaml', setting)).toThrow(name);
});
