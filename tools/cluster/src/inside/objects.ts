import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { output } from './command';

const CLASS = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'node', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: 'kubernetes.io/no-provisioner',
  volumeBindingMode: 'WaitForFirstConsumer',
};

/** Nobody provisions volumes here: some small ones and some large ones are there from the start, as folders of the node. */
const SIZES = [...Array<string>(24).fill('2Gi'), ...Array<string>(4).fill('20Gi')];

const volume = (name: string, folder: string, storage: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name },
  spec: {
    capacity: { storage },
    accessModes: ['ReadWriteOnce', 'ReadWriteMany'],
    storageClassName: CLASS.metadata.name,
    persistentVolumeReclaimPolicy: 'Retain',
    hostPath: { path: folder, type: 'Directory' },
  },
});

/** What a cluster is expected to have before a chart comes: volumes, and the resources of operators. */
export async function makeObjects({
  kubectl,
  kubeconfig,
  folder,
  crds,
}: {
  kubectl: string;
  kubeconfig: string;
  folder: string;
  crds: string;
}): Promise<void> {
  const volumes = SIZES.map((size, index) => {
    const name = `volume-${index}`;
    const place = path.join(folder, name);
    mkdirSync(place, { recursive: true });
    chmodSync(place, 0o777); // the kubelet gives folders of the node to no group
    return volume(name, place, size);
  });
  const file = path.join(folder, 'objects.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [CLASS, ...volumes] }));
  // Server-side: some definitions are too long for the annotation of the other way.
  await output(kubectl, '--kubeconfig', kubeconfig, 'apply', '--server-side', '-f', file, '-f', crds);
}
