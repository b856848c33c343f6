import { prepared } from '@kinora/backends';
import { cacheDir } from '@kinora/testing';
import { globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { type Json, closed } from '../closed-schema';
import { LINTERS, goModule, pythonTool } from './tools';

/** Versions of Kubernetes that the chart is for. */
export const KUBERNETES = ['1.32.0', '1.33.0', '1.34.0'] as const;

/** Definitions that the chart uses and something else brings: the module that holds them, and where in it. */
const DEFINITIONS = [
  { module: 'github.com/kedacore/keda/v2', version: '2.21.0', files: 'config/crd/bases/keda.sh_*.yaml' },
  {
    module: 'github.com/prometheus-operator/prometheus-operator',
    version: '0.85.0',
    files: 'example/prometheus-operator-crd/monitoring.coreos.com_{servicemonitors,prometheusrules}.yaml',
  },
  {
    module: 'github.com/external-secrets/external-secrets',
    version: '1.3.2',
    files: 'config/crds/bases/external-secrets.io_{externalsecrets,clustersecretstores}.yaml',
  },
] as const;

/** What is read of a CustomResourceDefinition. */
interface Definition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: Json } }[];
  };
}

/** kubernetes-validate brings the schemas; they name each other by addresses on the web, which are taken out. */
async function writeBuiltIn(folder: string, signal: AbortSignal): Promise<void> {
  const program = await pythonTool(LINTERS, 'python', signal);
  const [source] = globSync('../lib/python3*/site-packages/kubernetes_validate/kubernetes-json-schema', {
    cwd: path.dirname(program),
  });
  if (source === undefined) throw new Error('kubernetes-validate has no schemas any more');
  for (const version of KUBERNETES) {
    const from = path.join(path.dirname(program), source, `v${version}-local-strict`);
    mkdirSync(path.join(folder, version));
    for (const name of readdirSync(from)) {
      const text = readFileSync(path.join(from, name), 'utf8').replaceAll(
        '"/api/_definitions.json',
        '"_definitions.json',
      );
      const { $id: _address, ...schema } = JSON.parse(text) as Json;
      writeFileSync(path.join(folder, version, name), JSON.stringify(schema));
    }
  }
}

async function writeDefined(folder: string, signal: AbortSignal): Promise<void> {
  mkdirSync(path.join(folder, 'defined'));
  for (const { module, version, files } of DEFINITIONS) {
    const sources = await goModule(module, version, signal);
    for (const file of globSync(files, { cwd: sources })) {
      for (const document of parseAllDocuments(readFileSync(path.join(sources, file), 'utf8'))) {
        const definition = document.toJS() as Definition | null;
        if (definition === null) continue;
        const { group, names, versions } = definition.spec;
        for (const { name, schema } of versions) {
          const target = `${names.kind.toLowerCase()}-${group.split('.')[0]}-${name}.json`;
          writeFileSync(path.join(folder, 'defined', target), JSON.stringify(closed(schema.openAPIV3Schema)));
        }
      }
    }
  }
}

/** Templates of where kubeconform finds the schemas: of Kubernetes itself, by version, and of definitions. */
export async function schemaLocations(signal: AbortSignal): Promise<string[]> {
  const definitions = DEFINITIONS.map(({ version }) => version).join('-');
  const folder = await prepared(
    `schemas-2-${definitions}`,
    async (cwd) => {
      await writeBuiltIn(cwd, signal);
      await writeDefined(cwd, signal);
    },
    cacheDir('charts'),
  );
  const name = '{{ .ResourceKind }}{{ .KindSuffix }}.json';
  return [`${folder}/{{ slice .NormalizedKubernetesVersion 1 }}/${name}`, `${folder}/defined/${name}`];
}
