import { type Child, startServer } from '@kinora/testing';
import path from 'node:path';
import { type Programs } from '../setup';
import { API_PORT, ETCD_URL, NODE_IP, POD_CIDR, SERVICE_CIDR } from './addresses';
import { type Api } from './api';
import { type Certificates } from './certificates';

const answersOk = async (url: string): Promise<boolean> =>
  (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;

/** Starts etcd, the API server, the controller manager and the scheduler; ready when each says so. */
export async function startControlPlane(
  state: string,
  programs: Programs,
  certificates: Certificates,
  api: Api,
): Promise<Child[]> {
  const log = (name: string): string => path.join(state, 'logs', `${name}.log`);
  const etcd = await startServer({
    name: 'etcd',
    command: programs.etcd,
    args: [
      ...[`--data-dir=${path.join(state, 'etcd')}`, `--listen-client-urls=${ETCD_URL}`, '--unsafe-no-fsync'],
      ...[`--advertise-client-urls=${ETCD_URL}`, '--listen-peer-urls=http://127.0.0.1:2380', '--log-level=warn'],
    ],
    logFile: log('etcd'),
    ready: () => answersOk(`${ETCD_URL}/health`),
  });
  const apiServer = await startServer({
    name: 'kube-apiserver',
    command: programs['kube-apiserver'],
    args: [
      ...[`--etcd-servers=${ETCD_URL}`, `--bind-address=${NODE_IP}`, `--advertise-address=${NODE_IP}`],
      ...[`--secure-port=${API_PORT}`, `--service-cluster-ip-range=${SERVICE_CIDR}`, '--allow-privileged=true'],
      `--tls-cert-file=${certificates.certificate('apiserver')}`,
      `--tls-private-key-file=${certificates.key('apiserver')}`,
      `--client-ca-file=${certificates.ca}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      ...[
        `--service-account-key-file=${certificates.tokenKey}`,
        `--service-account-signing-key-file=${certificates.tokenKey}`,
      ],
      `--kubelet-client-certificate=${certificates.certificate('apiserver-kubelet-client')}`,
      `--kubelet-client-key=${certificates.key('apiserver-kubelet-client')}`,
      `--kubelet-certificate-authority=${certificates.ca}`,
      ...['--kubelet-preferred-address-types=InternalIP', '--authorization-mode=Node,RBAC'],
    ],
    logFile: log('kube-apiserver'),
    timeoutMs: 180_000,
    ready: async () => (await api.get('/readyz')).status === 200,
  });
  const controllerManager = startServer({
    name: 'kube-controller-manager',
    command: programs['kube-controller-manager'],
    args: [
      ...[`--kubeconfig=${certificates.kubeconfig('controller-manager')}`, '--leader-elect=false'],
      ...['--bind-address=127.0.0.1', '--use-service-account-credentials=true', `--root-ca-file=${certificates.ca}`],
      `--service-account-private-key-file=${certificates.tokenKey}`,
      ...[`--cluster-signing-cert-file=${certificates.ca}`, `--cluster-signing-key-file=${certificates.caKey}`],
      `--cluster-cidr=${POD_CIDR}`,
    ],
    logFile: log('kube-controller-manager'),
    // It makes the account that pods run as by default: without it none can be made.
    ready: async () => (await api.get('/api/v1/namespaces/default/serviceaccounts/default')).status === 200,
    timeoutMs: 120_000,
  });
  const scheduler = startServer({
    name: 'kube-scheduler',
    command: programs['kube-scheduler'],
    args: [
      ...[`--kubeconfig=${certificates.kubeconfig('scheduler')}`, '--leader-elect=false'],
      ...['--bind-address=127.0.0.1', '--secure-port=10259', '--authorization-always-allow-paths=/healthz,/readyz'],
    ],
    logFile: log('kube-scheduler'),
    ready: () => Promise.resolve(true),
  });
  return [etcd, apiServer, ...(await Promise.all([controllerManager, scheduler]))];
}
