import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { API_SERVICE_IP, API_URL, NODE_IP, NODE_NAME } from './addresses';
import { output } from './command';

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-days', '3'];

/** Who has a certificate: by RBAC's rules the subject says what it may do. */
const SUBJECTS = {
  apiserver: '/CN=kube-apiserver',
  'apiserver-kubelet-client': '/O=system:masters/CN=kubelet-client',
  admin: '/O=system:masters/CN=admin',
  'controller-manager': '/CN=system:kube-controller-manager',
  scheduler: '/CN=system:kube-scheduler',
  kubelet: `/O=system:nodes/CN=system:node:${NODE_NAME}`,
  'kube-proxy': '/CN=system:kube-proxy',
} as const;

const NAMES: Partial<Record<keyof typeof SUBJECTS, string>> = {
  apiserver: `IP:${NODE_IP},IP:${API_SERVICE_IP},DNS:kubernetes.default.svc`,
  kubelet: `IP:${NODE_IP},DNS:${NODE_NAME}`,
};

export type Identity = keyof typeof SUBJECTS;

/** The certificates and keys of a cluster, in one folder. */
export class Certificates {
  readonly ca: string;
  readonly caKey: string;
  /** Signs the tokens of service accounts. */
  readonly tokenKey: string;

  constructor(private readonly folder: string) {
    this.ca = path.join(folder, 'ca.crt');
    this.caKey = path.join(folder, 'ca.key');
    this.tokenKey = path.join(folder, 'tokens.key');
  }

  certificate = (who: Identity): string => path.join(this.folder, `${who}.crt`);
  key = (who: Identity): string => path.join(this.folder, `${who}.key`);
  /** With it, programs reach the API server as that identity. */
  kubeconfig = (who: Identity): string => path.join(this.folder, `${who}.conf`);

  async make(): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(this.tokenKey, privateKey.export({ type: 'sec1', format: 'pem' }), { mode: 0o600 });
    await output('openssl', 'req', '-x509', ...KEY, '-subj', '/CN=kinora-test', '-keyout', this.caKey, '-out', this.ca);
    await Promise.all((Object.keys(SUBJECTS) as Identity[]).map((who) => this.issue(who)));
  }

  private async issue(who: Identity): Promise<void> {
    const names = NAMES[who];
    await output(
      'openssl',
      ...['req', '-x509', ...KEY, '-CA', this.ca, '-CAkey', this.caKey, '-subj', SUBJECTS[who]],
      ...['-addext', 'extendedKeyUsage=serverAuth,clientAuth', '-addext', 'basicConstraints=critical,CA:FALSE'],
      ...(names ? ['-addext', `subjectAltName=${names}`] : []),
      ...['-keyout', this.key(who), '-out', this.certificate(who)],
    );
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'kinora', cluster: { server: API_URL, 'certificate-authority': this.ca } }],
      users: [{ name: who, user: { 'client-certificate': this.certificate(who), 'client-key': this.key(who) } }],
      contexts: [{ name: 'kinora', context: { cluster: 'kinora', user: who } }],
      'current-context': 'kinora',
    };
    writeFileSync(this.kubeconfig(who), JSON.stringify(config), { mode: 0o600 });
  }
}
