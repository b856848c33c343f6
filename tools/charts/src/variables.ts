import { SERVICES, type ServiceName } from '@kinora/local';
import { freshDir, nodeBinary, workspaceRoot } from '@kinora/testing';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CHART } from './render';

const SCHEMA = path.join(CHART, 'values.schema.json');

/** Read by Node and the AWS SDK, whatever the service. */
const OF_THE_RUNTIME = ['AWS_REGION', 'AWS_SDK_UA_APP_ID', 'NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS', 'TZ'];

/** Set by the image. */
const OF_THE_IMAGE = ['PATH'];

const node = (args: string[], env: NodeJS.ProcessEnv) =>
  spawnSync(nodeBinary(), args, { cwd: workspaceRoot, env, encoding: 'utf8' });

/** Makes the bundles that are asked below. */
export function bundleServices(): void {
  for (const service of SERVICES) {
    const { status, stderr } = node(['tools/build/service.mjs', service], process.env);
    if (status !== 0) throw new Error(`${service} can't be bundled: ${stderr}`);
  }
}

export interface ConfigReport {
  /** 0 when the service could start. */
  readonly status: number | null;
  readonly text: string;
  /** Names of all variables that the service reads. */
  readonly reads: readonly string[];
}

/** How a service itself would read an environment. */
export function checkConfig(service: ServiceName, env: Readonly<Record<string, string>>): ConfigReport {
  // The image of `web` holds the built page; here there is one that says nothing.
  const webRoot = freshDir('kinora-web');
  writeFileSync(path.join(webRoot, 'index.html'), '<!doctype html>');
  const bundle = path.join('dist/apps', service, 'main.js');
  const { status, stdout } = node([bundle, '--check-config'], {
    ...env,
    ...(service === 'web' && { WEB_ROOT: webRoot }),
  });
  const rows = stdout.matchAll(/^ {2}(?:missing|wrong|set|default|not set) +([A-Z][A-Z0-9_]+)/gm);
  return { status, text: stdout, reads: [...rows].map(([, name = '']) => name) };
}

/** What `services.{name}.env` may hold. */
export const variablesFor = (service: ServiceName): string[] =>
  [...new Set([...checkConfig(service, {}).reads, ...OF_THE_RUNTIME])]
    .filter((name) => !OF_THE_IMAGE.includes(name))
    .sort();

interface Schema {
  readonly properties: { readonly services: { readonly properties: Record<ServiceName, ServiceSchema> } };
}

interface ServiceSchema {
  readonly allOf: readonly [
    unknown,
    { readonly properties: { readonly env: { readonly propertyNames: { enum: string[] } } } },
  ];
}

const namesOf = (schema: Schema, service: ServiceName) =>
  schema.properties.services.properties[service].allOf[1].properties.env.propertyNames;
const readSchema = (): Schema => JSON.parse(readFileSync(SCHEMA, 'utf8')) as Schema;

/** What the schema says that `services.{name}.env` may hold. */
export const variablesInSchema = (service: ServiceName): string[] => namesOf(readSchema(), service).enum;

/** Brings the schema up to date with what services read. */
export function writeVariables(): void {
  bundleServices();
  const schema = readSchema();
  for (const service of SERVICES) namesOf(schema, service).enum = variablesFor(service);
  writeFileSync(SCHEMA, JSON.stringify(schema));
  const { status, stderr } = node(['node_modules/prettier/bin/prettier.cjs', '--write', SCHEMA], process.env);
  if (status !== 0) throw new Error(stderr);
}
