import { prepared, run } from '@kinora/backends';
import { cacheDir } from '@kinora/testing';
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Go modules of the operators whose resources the chart can make, and the files in them that define these. */
const MODULES = [
  {
    module: 'github.com/kedacore/keda/v2@v2.18.3',
    files: [
      'config/crd/bases/keda.sh_scaledobjects.yaml',
      'config/crd/bases/keda.sh_scaledjobs.yaml',
      'config/crd/bases/keda.sh_triggerauthentications.yaml',
    ],
  },
  {
    module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    files: [
      'example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml',
      'example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml',
    ],
  },
  {
    module: 'github.com/external-secrets/external-secrets@v1.3.2',
    files: ['config/crds/bases/external-secrets.io_externalsecrets.yaml'],
  },
] as const;

const versions = MODULES.map(({ module }) => {
  const [, name = '', version = ''] = /github\.com\/[^/]+\/([^/@]+)[^@]*@v(.+)/.exec(module) ?? [];
  return `${name} ${version}`;
}).join(', ');

/** Fetches the definitions as their operators publish them. @returns the folder that holds the files */
export const installCrds = (signal: AbortSignal): Promise<string> =>
  prepared(
    `crds-${versions.replaceAll(/,? /g, '-')}`,
    async (folder) => {
      writeFileSync(path.join(folder, 'go.mod'), 'module kinora.test/crds\n');
      for (const { module, files } of MODULES) {
        const downloaded = await run('go', ['mod', 'download', '-json', module], { cwd: folder, signal });
        const source = /"Dir": "(.+)"/.exec(downloaded)?.[1];
        if (source === undefined) throw new Error(`go mod download did not say where ${module} is:\n${downloaded}`);
        for (const file of files) cpSync(path.join(source, file), path.join(folder, path.basename(file)));
      }
    },
    cacheDir('cluster'),
  );

export const crds = { name: 'Resource definitions of', version: versions, install: installCrds };
