import { FIRST } from '../src/images';
import { apply, installRelease, kubectl, makeNamespace, RELEASE } from './support/cluster';

beforeAll(async () => {
  await makeNamespace();
  await installRelease(FIRST);
});

/** Connects to a service from within a pod that is there. */
const connect = (from: string, service: string, port: number): Promise<string> =>
  kubectl(
    ...['exec', `deployment/${RELEASE}-${from}`, '--', 'node', '-e'],
    `require('node:net').connect({ host: '${RELEASE}-${service}', port: ${port}, timeout: 3000 })
      .once('connect', () => { console.log('connected'); process.exit(0); })
      .once('timeout', () => { console.error('silence'); process.exit(1); })
      .once('error', ({ code }) => { console.error(code); process.exit(1); })`,
  );

it.each([
  ['catalog', 'postgres', 5432],
  ['encoder', 'redis', 6379],
  ['upload', 'catalog', 80],
  ['gateway', 'web', 80],
] as const)('lets %s reach %s', async (from, service, port) => {
  expect(await connect(from, service, port)).toContain('connected');
});

it.each([
  ['encoder', 'postgres', 5432],
  ['web', 'redis', 6379],
  ['web', 'auth', 80],
  ['edge', 'cognito-local', 9229],
  ['gateway', 'postgres', 5432],
] as const)('keeps %s from %s', async (from, service, port) => {
  await expect(connect(from, service, port)).rejects.toThrow(/ECONNREFUSED|silence/);
});

it('keeps a stranger in the namespace from everything', async () => {
  const stranger = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'stranger' },
    spec: {
      restartPolicy: 'Never',
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'stranger',
          image: `kinora/web:${FIRST}`,
          imagePullPolicy: 'Never',
          command: ['node', '-e'],
          args: [
            `const hosts = ['redis:6379', 'postgres:5432', 'auth:80', 'catalog:80'];
            const attempts = hosts.map((host) => new Promise((resolve) => {
              const [name, port] = host.split(':');
              const socket = require('node:net').connect({ host: '${RELEASE}-' + name, port: Number(port), timeout: 3000 });
              socket.once('connect', () => resolve(host)).once('timeout', () => resolve()).once('error', () => resolve());
            }));
            Promise.all(attempts).then((reached) => { console.log('reached', reached.filter(Boolean)); process.exit(0); });`,
          ],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  };
  await apply(stranger);
  try {
    await kubectl('wait', '--for=jsonpath={.status.phase}=Succeeded', 'pod/stranger', '--timeout=120s');
    expect(await kubectl('logs', 'stranger')).toContain('reached []');
  } finally {
    await kubectl('delete', 'pod', 'stranger', '--now');
  }
});
